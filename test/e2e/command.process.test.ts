import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test as base, describe } from "vitest";
import { runSbnsis } from "../../src/cli/sbnsis-commands.ts";
import { clients, fetchText } from "../support/cluster/service-under-test.ts";
import { type Workplace, workplace } from "../support/programs/built-program.ts";
import { runHere } from "../support/programs/run-here.ts";

const packageVersion = (
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }
).version;

/** A working directory of its own for each test. */
const test = base.extend<{ readonly place: Workplace }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of fixtures from it
  place: async ({}, use) => {
    const place = await workplace();
    await use(place);
    await place.dispose();
  },
});

const asBuilt = (place: Workplace, ...args: readonly string[]) => place.run("sbnsis", ...args);
/** Runs `sbnsis` from its source, in this process. */
const here = (place: Workplace, ...args: readonly string[]) => runHere(runSbnsis, place.directory, args);

describe("sbnsis, as docs/operator.md describes it", { timeout: 180_000 }, () => {
  test("sbnsis prints its version, and exits with 2 on wrong usage", async ({ expect, place }) => {
    expect(await place.run("sbnsis", "--version")).toMatchObject({
      status: 0,
      stdout: `${packageVersion}\n`,
    });
    expect((await place.run("sbnsis", "sing")).status).toBe(2);
    expect((await here(place, "start", "--louder")).status).toBe(2);
    expect((await here(place, "stat")).stderr).toContain("(Did you mean status?)");
    expect((await here(place, "--help")).status).toBe(0);
  });

  test("sbnsis doctor says what is wrong and how to fix it, with exit status 1, until nothing is wrong", async ({
    expect,
    place,
  }) => {
    const findings = async (run: typeof asBuilt | typeof here) => {
      const { status, stdout } = await run(place, "doctor", "--json");
      const found = (
        JSON.parse(stdout).findings as { subject: string; state: string; remedy?: string }[]
      ).filter(({ state }) => state === "wrong");
      return { status, found: found.map(({ subject, remedy }) => [subject, remedy]) };
    };
    place.set("SBNSIS_LOG_FILE", "./log");
    mkdirSync(join(place.directory, "log"));
    expect(await findings(here)).toEqual({
      status: 1,
      found: [
        ["database", "run sbnsis create-tables"],
        ["log", expect.stringContaining("give this user write permission")],
      ],
    });
    rmSync(join(place.directory, "log"), { recursive: true });
    await place.createTables();
    await here(place, "test-data", "--add", "--survey", "sky", "--frames", "1");
    expect(await findings(asBuilt)).toEqual({ status: 0, found: [] });
    renameSync(join(place.directory, "test-data"), join(place.directory, "elsewhere"));
    expect(await findings(here)).toEqual({
      status: 1,
      found: [["files", expect.stringContaining("check that the archive is mounted")]],
    });
  });

  test("sbnsis env writes a .env once, readable by its owner only, and prints it without writing", async ({
    expect,
    place,
  }) => {
    const env = join(place.directory, ".env");
    rmSync(env);
    const printed = await here(place, "env", "--print");
    expect(existsSync(env)).toBe(false);
    expect(await place.run("sbnsis", "env")).toMatchObject({ status: 0 });
    expect(readFileSync(env, "utf8")).toBe(printed.stdout);
    expect(statSync(env).mode & 0o777).toBe(0o600);
    writeFileSync(env, "API_PORT=5001\n");
    const again = await here(place, "env");
    expect(again.status).toBe(1);
    expect(again.stderr).toMatch(/^sbnsis: a \.env file already exists.*\n$/);
    expect(readFileSync(env, "utf8")).toBe("API_PORT=5001\n");
  });

  test("sbnsis start names a malformed variable in one line and does not start", async ({
    expect,
    place,
  }) => {
    place.set("MAXIMUM_CUTOUT_SIZE", "many");
    const started = await place.run("sbnsis", "start");
    expect(started.status).toBe(1);
    expect(started.stderr).toMatch(/^sbnsis: MAXIMUM_CUTOUT_SIZE is .*many.*\n$/);
  });

  test("sbnsis start refuses a database without tables, and says why", async ({ expect, place }) => {
    const started = await place.run("sbnsis", "start");
    expect(started.status).toBe(1);
    expect(started.stderr).toMatch(
      /^sbnsis: the service did not start: there is no database file .*: run sbnsis create-tables to create it\n$/,
    );
    expect((await here(place, "verify-tables")).status).toBe(1);
    expect((await here(place, "status")).stdout).toBe("not running\n");
  });
});

// these tests wait for services and for time-outs
describe("a service run by sbnsis, as docs/operator.md describes it", {
  concurrent: true,
  timeout: 180_000,
}, () => {
  test("sbnsis starts, shows its status, restarts under load without a lost request, rotates its log and stops", async ({
    expect,
    place,
  }) => {
    place.set("SBNSIS_SPARE_WORKER", "TRUE");
    expect((await place.run("sbnsis", "create-tables")).status).toBe(0);
    expect((await place.run("sbnsis", "verify-tables")).status).toBe(0);
    expect((await place.run("sbnsis", "start")).status).toBe(0);
    expect(JSON.parse(await fetchText(place.port, "/query?maxrec=1"))).toEqual({
      total: 0,
      offset: 0,
      count: 0,
      results: [],
    });
    const before = JSON.parse((await place.run("sbnsis", "status", "--json")).stdout);
    expect(before).toMatchObject({ running: true, version: packageVersion, address: place.base });
    expect((await place.run("sbnsis", "start")).stderr).toBe(
      `sbnsis: the service is already running in this directory, pid ${before.pid}\n`,
    );
    const load = clients(place.port, 4, ["/query?maxrec=1", "/summary"]);
    for (let i = 0; i < 2; i++) expect((await place.run("sbnsis", "restart")).status).toBe(0);
    expect((await place.run("sbnsis", "rotate-logs")).status).toBe(0);
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(20);
    expect((await place.status()).pid).not.toBe(before.pid);
    expect((await place.run("sbnsis", "stop")).status).toBe(0);
    expect(readdirSync(join(place.directory, "logging", "old-logs")).sort()).toEqual([
      "sbnsis.log.1",
      "sbnsis.log.2",
    ]);
    const after = await place.run("sbnsis", "status", "--json");
    expect(after.status).toBe(1);
    expect(JSON.parse(after.stdout)).toMatchObject({ running: false });
    expect((await place.run("sbnsis", "stop")).status).toBe(1);
  });

  test("a log that cannot be reopened does not affect the service: it responds, status says so, stop succeeds", async ({
    expect,
    place,
  }) => {
    await place.createTables();
    place.set("SBNSIS_LOG_FILE", "./log/sbnsis.log");
    // as `sbnsis env` of earlier versions wrote it
    place.set("IS_PRODUCTION", "FALSE");
    place.set("PUBLIC_URL", "https://images.example.org/api");
    expect((await place.run("sbnsis", "start")).status).toBe(0);
    const log = join(place.directory, "log", "sbnsis.log");
    renameSync(log, `${log}.1`);
    mkdirSync(log);
    const rotated = await place.run("sbnsis", "rotate-logs");
    expect([rotated.status, rotated.stderr]).toEqual([1, expect.stringContaining("it is a folder (EISDIR)")]);
    expect(await fetchText(place.port, "/health")).not.toBe("");
    const found = await place.run("sbnsis", "status");
    expect(found.status).toBe(0);
    expect(found.stdout).toContain("cannot be written at the moment");
    const said = readFileSync(`${log}.1`, "utf8").match(/"log not reopened"/g);
    expect(said).toHaveLength(1);
    const workers = await place.workers();
    for (const pid of workers) process.kill(pid, "SIGSTOP");
    const hung = await place.run("sbnsis", "status");
    expect([hung.status, hung.stdout]).toEqual([1, expect.stringContaining("NOT RESPONDING")]);
    for (const pid of workers) process.kill(pid, "SIGCONT");
    expect((await place.run("sbnsis", "stop")).status).toBe(0);
  });

  test("sbnsis start in the foreground keeps its process across a restart, and ends on SIGTERM", async ({
    expect,
    place,
  }) => {
    place.set("LIVE_GUNICORN_INSTANCES", "1");
    await place.createTables();
    const service = place.spawn("start", "--no-daemon");
    const ended = new Promise<number | null>((resolve) => service.once("exit", resolve));
    await new Promise<void>((resolve) => {
      service
        .stdout!.setEncoding("utf8")
        .on("data", (text: string) => text.includes(" is running, pid ") && resolve());
    });
    const { pid } = await place.status();
    expect((await place.run("sbnsis", "restart")).status).toBe(0);
    expect((await place.status()).pid).not.toBe(pid);
    expect(await fetchText(place.port, "/health")).not.toBe("");
    service.kill("SIGTERM");
    expect(await ended).toBe(0);
    await expect(fetch(`${place.base}/health`)).rejects.toThrow("fetch failed");
  });
});
