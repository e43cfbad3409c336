import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";

// The user nobody of Debian: the service runs as this user here.
const NOBODY = 65_534;
let folder: string;
const at = (...names: string[]) => join(folder, ...names);

beforeEach(() => {
  if (process.getuid?.() !== 0) throw new Error("these tests need root, as logrotate of the system has");
  folder = mkdtempSync(join(tmpdir(), "sis-logrotate-"));
  chownSync(folder, NOBODY, NOBODY);
  mkdirSync(at("logging"));
  chownSync(at("logging"), NOBODY, NOBODY);
  const config = readFileSync(new URL("../../../deploy/logrotate.conf", import.meta.url), "utf8");
  const here = config.replaceAll("/srv/sbnsis", folder).replaceAll(/\bsbnsis sbnsis\b/g, "nobody nogroup");
  writeFileSync(at("logrotate.conf"), here.replaceAll("-u sbnsis ", "-u nobody "), { mode: 0o644 });
  writeFileSync(at("logging", "sbnsis.log"), "a line\n");
  chownSync(at("logging", "sbnsis.log"), NOBODY, NOBODY);
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * Runs the system's logrotate over deploy/logrotate.conf, with the paths and the user of this test.
 */
function rotate() {
  const state = at("state");
  const run = spawnSync("logrotate", ["--force", "--state", state, at("logrotate.conf")], {
    encoding: "utf8",
  });
  // a program that is not installed
  if (run.error !== undefined) throw run.error;
  return run;
}

function started(command: string, args: readonly string[], uid: number) {
  const child = spawn(command, args, { uid, gid: uid, stdio: "ignore" });
  writeFileSync(at("sbnsis.pid"), `${child.pid}\nbirth\n`);
  chownSync(at("sbnsis.pid"), NOBODY, NOBODY);
  return child;
}

test("the system's logrotate with deploy/logrotate.conf moves the log and signals the service of its user", async () => {
  const script = `trap 'echo > ${at("signalled")}' USR1; echo > ${at("started")}; while :; do sleep 0.05; done`;
  const service = started("sh", ["-c", script], NOBODY);
  onTestFinished(() => void service.kill("SIGKILL"));
  await expect.poll(() => existsSync(at("started")), { timeout: 10_000 }).toBe(true);
  const { status, stderr } = rotate();
  expect([status, stderr]).toEqual([0, ""]);
  await expect.poll(() => existsSync(at("signalled")), { timeout: 10_000 }).toBe(true);
  expect(readdirSync(at("logging", "old-logs"))).toEqual(["sbnsis.log.1"]);
});

test("a pid file that names a process of root, as the service's user could write it, makes root send no signal", async () => {
  const victim = started("sleep", ["600"], 0);
  const { status, stderr } = rotate();
  expect([status, stderr]).not.toEqual([0, ""]);
  // an unhandled USR1 would have ended it
  expect(execFileSync("ps", ["-o", "stat=", "-p", String(victim.pid)], { encoding: "utf8" })).toMatch(/^S/);
  victim.kill("SIGKILL");
});
