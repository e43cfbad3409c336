import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LOGS_KEPT, rotateLogs } from "../../src/cluster/rotate-logs.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-logs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("rotated logs are numbered from 1, the newest, and 32 are kept (the numbering of logrotate 3)", () => {
  const log = join(folder, "sbnsis.log");
  for (let i = 1; i <= LOGS_KEPT + 3; i++) {
    writeFileSync(log, `log ${i}\n`);
    expect(rotateLogs(log)).toEqual({ path: join(folder, "old-logs", "sbnsis.log.1"), by: "sbnsis" });
  }
  const kept = readdirSync(join(folder, "old-logs"));
  expect(kept).toHaveLength(LOGS_KEPT);
  const text = (number: number) => readFileSync(join(folder, "old-logs", `sbnsis.log.${number}`), "utf8");
  expect(text(1)).toBe(`log ${LOGS_KEPT + 3}\n`);
  expect(text(LOGS_KEPT)).toBe("log 4\n");
});

test("lines written to an open log after its rotation are in the rotated file", async () => {
  const log = join(folder, "sbnsis.log");
  const { openSync, writeSync, closeSync } = await import("node:fs");
  const fd = openSync(log, "a");
  writeSync(fd, "before\n");
  rotateLogs(log);
  writeSync(fd, "after\n");
  closeSync(fd);
  expect(readFileSync(join(folder, "old-logs", "sbnsis.log.1"), "utf8")).toBe("before\nafter\n");
});

test("a missing or an empty log is not rotated", () => {
  const log = join(folder, "sbnsis.log");
  expect(rotateLogs(log)).toBeUndefined();
  writeFileSync(log, "");
  expect(rotateLogs(log)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(["sbnsis.log"]);
});

test("the target of a symbolic link to a log is rotated, and the link names the next log", () => {
  const target = join(folder, "disk", "real.log");
  mkdirSync(join(folder, "disk"));
  writeFileSync(target, "old\n");
  const link = join(folder, "sbnsis.log");
  symlinkSync("disk/real.log", link);
  expect(rotateLogs(link)).toEqual({ path: join(folder, "disk", "old-logs", "real.log.1"), by: "sbnsis" });
  writeFileSync(link, "new\n");
  expect(readFileSync(target, "utf8")).toBe("new\n");
  expect(readFileSync(join(folder, "disk", "old-logs", "real.log.1"), "utf8")).toBe("old\n");
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
});

test("a log that is a device, which cannot be moved, is not rotated", () => {
  expect(rotateLogs("/dev/null")).toBeUndefined();
});
