import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLogFile } from "../../src/observe/log-file.ts";
import { openLogger } from "../../src/observe/logger.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-log-faults-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const named = (name: string) => join(folder, name);
function pipe(): string {
  execFileSync("mkfifo", [named("log")]);
  return named("log");
}

test("a log that cannot be reopened continues in the old file, and in a new one as soon as possible", async () => {
  const file = named("sbnsis.log");
  const logger = openLogger({ file, stderr: false });
  logger.info({ n: 1 });
  renameSync(file, named("old.log"));
  mkdirSync(file);
  expect(await logger.reopen()).toEqual([`${file}: it is a folder (EISDIR)`]);
  logger.info({ n: 2 });
  await expect
    .poll(() => readFileSync(named("old.log"), "utf8").match(/"n": \d/g))
    .toEqual(['"n": 1', '"n": 2']);
  expect(logger.problems()).toEqual([`${file}: it is a folder (EISDIR)`]);
  rmdirSync(file);
  expect(await logger.reopen()).toEqual([]);
  logger.info({ n: 3 });
  expect(logger.problems()).toEqual([]);
  await logger.close();
  expect(readFileSync(file, "utf8").match(/"n": \d/g)).toEqual(['"n": 3']);
});

test("a log pipe without a reader blocks nothing; lines are buffered up to a limit, and lost ones are counted", async () => {
  const path = pipe();
  const line = `${"x".repeat(1023)}\n`;
  const log = openLogFile(path, { lossLine: (lost) => `${lost} lost\n` });
  expect(log.problem).toBe("nobody reads this pipe (ENXIO)");
  for (let i = 0; i < 5_000; i++) log.write(line);
  // 4 MiB of the 5000 lines of 1 KiB are kept
  expect(log.lost).toBe(5_000 - 4_096);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  expect(await log.reopen()).toBeUndefined();
  const buffer = Buffer.alloc(65_536);
  let text = "";
  const read = () => {
    try {
      text += buffer.toString("latin1", 0, readSync(reader, buffer));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
    return text.endsWith(" lost\n");
  };
  await expect.poll(read, { timeout: 30_000, interval: 1 }).toBe(true);
  expect(text).toBe(`${line.repeat(4_096)}904 lost\n`);
  await log.close();
  closeSync(reader);
});

test("a log whose reader has gone does not end the process, and continues with the next reader", async () => {
  const path = pipe();
  let reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const log = openLogFile(path);
  closeSync(reader);
  log.write("first\n");
  await expect.poll(() => log.problem).toBe("nobody reads this pipe (EPIPE)");
  reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(100);
  await expect
    .poll(
      () => {
        try {
          return buffer.toString("latin1", 0, readSync(reader, buffer));
        } catch {
          return "";
        }
      },
      { timeout: 5_000 },
    )
    .toBe("first\n");
  await log.close();
  closeSync(reader);
});

const program = (body: string) => `
  import { openLogger } from ${JSON.stringify(new URL("../../dist/observe/logger.js", import.meta.url).href)};
  import { ignoreBrokenPipes } from ${JSON.stringify(new URL("../../dist/observe/standard-streams.js", import.meta.url).href)};
  ignoreBrokenPipes();
  const logger = openLogger({ stderr: true });
  ${body}`;

function run(body: string) {
  const script = ["--input-type=module", "--eval", program(body)];
  return spawn(process.execPath, script, { stdio: ["ignore", "pipe", "pipe"] });
}

test("a process whose stderr has lost its reader continues, and counts what is lost", async () => {
  const child = run(`
    process.stderr.write("a word of Node itself\\n");
    for (let i = 0; i < 100; i++) logger.info({ i });
    const wait = setInterval(() => {
      if (logger.samples().sbnsis_log_lines_lost_total < 100) return;
      clearInterval(wait);
      process.stdout.write("alive");
    }, 10);`);
  child.stderr.destroy();
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const status = await new Promise((resolve) => child.once("close", resolve));
  expect([status, text]).toEqual([0, "alive"]);
});

test("a process whose stderr is a full pipe continues to respond, with bounded memory", async () => {
  const child = run(`
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j < 1000; j++) logger.info({ text: "x".repeat(1000) });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    process.stdout.write(JSON.stringify(logger.samples()), () => process.exit(0));`);
  // stderr is not read: the pipe holds 64 KiB of 42 MB
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const status = await new Promise((resolve) => child.once("exit", resolve));
  expect(status).toBe(0);
  expect(JSON.parse(text).sbnsis_log_lines_lost_total).toBeGreaterThan(38_000);
});
