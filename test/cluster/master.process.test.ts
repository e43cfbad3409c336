import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { test as base, describe } from "vitest";
import { askMaster } from "../../src/cluster/control-socket.ts";
import type { ServiceStatus } from "../../src/cluster/master.ts";
import { stopService } from "../../src/cluster/stop-service.ts";
import { isAlive } from "../../src/concurrency/process-identity.ts";
import {
  clients,
  fetchText,
  type ServiceUnderTest,
  serviceUnderTest,
} from "../support/cluster/service-under-test.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A master and its workers of their own for each test. */
const test = base.extend<{ readonly service: ServiceUnderTest }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of fixtures from it
  service: async ({}, use) => {
    const service = await serviceUnderTest();
    await use(service);
    await service.dispose();
  },
});
const status = async ({ directory }: ServiceUnderTest) =>
  (await askMaster(directory, "status", 10_000)) as ServiceStatus;

async function untilWorkers(
  service: ServiceUnderTest,
  wanted: (pids: readonly number[]) => boolean,
): Promise<readonly number[]> {
  const end = Date.now() + 30_000;
  for (;;) {
    const pids = (await status(service)).workers.map((worker) => worker.pid);
    if (wanted(pids)) return pids;
    if (Date.now() > end) throw new Error(`the workers are ${pids.join(", ")}`);
    await pause(50);
  }
}

// the tests wait for processes far longer than they compute
describe("a master and its workers", { concurrent: true }, () => {
  test("a start returns when a worker responds; a second start reports the running service, by the pid file", async ({
    expect,
    service,
  }) => {
    const first = await service.start();
    expect(first.ok, first.text).toBe(true);
    expect(await fetchText(service.port, "/pid")).toMatch(/^\d+\n$/);
    const second = await service.start();
    expect(second).toEqual({
      ok: false,
      text: `the service is already running in this directory, pid ${service.masterPid()}`,
    });
  });

  test("a failed start reports the worker's reason and leaves nothing behind", async ({
    expect,
    service,
  }) => {
    writeFileSync(join(service.directory, "broken"), "");
    const started = await service.start();
    expect(started.ok).toBe(false);
    expect(started.text).toContain("the test says that it is broken");
    expect(() => service.masterPid()).toThrow("ENOENT");
  });

  test("a start on a port in use names it in one line", async ({ expect, service }) => {
    const other = createServer().listen(service.port, "127.0.0.1");
    const started = await service.start();
    other.close();
    expect(started).toEqual({
      ok: false,
      text: `port ${service.port} on 127.0.0.1 is in use by another program; set API_PORT to a free port`,
    });
  });

  test("a pid file of a dead process, or with the id of another program, does not prevent a start", async ({
    expect,
    service,
  }) => {
    writeFileSync(join(service.directory, "sbnsis.pid"), `${process.pid}\nanother birth\n`);
    expect((await service.start()).ok).toBe(true);
    expect(isAlive(service.masterPid())).toBe(true);
    expect(service.masterPid()).not.toBe(process.pid);
  });

  test("restarts and rolling restarts under 8 clients lose no request", async ({ expect, service }) => {
    writeFileSync(join(service.directory, "spare"), "");
    await service.start();
    const load = clients(service.port, 8);
    await pause(300);
    const masters = new Set([service.masterPid()]);
    for (let i = 0; i < 3; i++) {
      await askMaster(service.directory, "restart", 60_000);
      masters.add(service.masterPid());
      await pause(300);
    }
    const before = await untilWorkers(service, (pids) => pids.length === 2);
    process.kill(service.masterPid(), "SIGHUP");
    await untilWorkers(service, (pids) => pids.length === 2 && pids.every((pid) => !before.includes(pid)));
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(50);
    expect(masters.size).toBe(4);
  });

  test("a restart to a version that does not start leaves the old one serving, and says why", async ({
    expect,
    service,
  }) => {
    writeFileSync(join(service.directory, "spare"), "");
    await service.start();
    const master = service.masterPid();
    writeFileSync(join(service.directory, "broken"), "");
    await expect(askMaster(service.directory, "restart", 60_000)).rejects.toThrow(
      "the new version did not start, and the old one keeps running: a worker could not start: the test says that it is broken",
    );
    rmSync(join(service.directory, "broken"));
    expect(service.masterPid()).toBe(master);
    expect(await fetchText(service.port, "/pid")).toMatch(/^\d+\n$/);
    await askMaster(service.directory, "restart", 60_000);
    expect(service.masterPid()).not.toBe(master);
    const fresh = (await status(service)).workers.map((worker) => worker.pid);
    for (let i = 0; i < 20; i++) {
      const pid = Number(await fetchText(service.port, "/pid", new Agent()));
      expect(fresh).toContain(pid);
    }
  });

  test("a killed worker is replaced while its sibling continues to serve", async ({ service }) => {
    writeFileSync(join(service.directory, "spare"), "");
    await service.start();
    const [victim] = await untilWorkers(service, (pids) => pids.length === 2);
    process.kill(victim!, "SIGKILL");
    for (let i = 0; i < 5; i++) await fetchText(service.port, "/pid");
    await untilWorkers(service, (pids) => pids.length === 2 && !pids.includes(victim!));
  });

  test("every worker reopens the log on SIGUSR1", async ({ expect, service }) => {
    writeFileSync(join(service.directory, "spare"), "");
    await service.start();
    const pids = await untilWorkers(service, (found) => found.length === 2);
    process.kill(service.masterPid(), "SIGUSR1");
    const path = join(service.directory, "reopened.txt");
    const reopened = () =>
      existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").map(Number) : [];
    // the waiting spare has the log open as well
    await expect.poll(reopened, { timeout: 10_000 }).toEqual(expect.arrayContaining([...pids]));
    expect(new Set(reopened()).size).toBe(reopened().length);
  });

  test("stop waits for requests in progress, then no process is left", async ({ expect, service }) => {
    await service.start();
    const pids = await untilWorkers(service, (found) => found.length === 2);
    const slow = fetchText(service.port, "/slow?ms=700");
    await pause(100);
    const master = await stopService(service.directory, 15_000);
    expect(await slow).toMatch(/^\d+\n$/);
    expect([master, ...pids].filter(isAlive)).toEqual([]);
    await expect(stopService(service.directory, 15_000)).rejects.toThrow(
      "the service is not running in this directory",
    );
  });

  test("workers that die after the first is ready, but before they are, are replaced until all are running", async ({
    expect,
    service,
  }) => {
    writeFileSync(join(service.directory, "late"), "");
    expect((await service.start()).ok).toBe(true);
    await untilWorkers(service, (pids) => pids.length === 2);
    expect(existsSync(join(service.directory, "late"))).toBe(false);
  });

  test("a hung worker, which reports nothing, is killed and replaced", async ({ expect, service }) => {
    writeFileSync(join(service.directory, "impatient"), "");
    await service.start();
    const [hung] = await untilWorkers(service, (pids) => pids.length === 2);
    process.kill(hung!, "SIGSTOP");
    await untilWorkers(service, (pids) => pids.length === 2 && !pids.includes(hung!));
    expect(isAlive(hung!)).toBe(false);
    // lines of the log are written a little later
    const log = () => readFileSync(join(service.directory, "service.log"), "utf8");
    await expect.poll(log, { timeout: 10_000 }).toContain("no report for 3 s");
  });

  test("a hung worker of a killed master blocks neither the next start nor stop", async ({
    expect,
    service,
  }) => {
    await service.start();
    const before = await untilWorkers(service, (pids) => pids.length === 2);
    const [hung] = before;
    const orphan = async (pid: number) => {
      process.kill(pid, "SIGSTOP");
      process.kill(service.masterPid(), "SIGKILL");
      await expect.poll(() => isAlive(service.masterPid()), { timeout: 20_000 }).toBe(false);
    };
    await orphan(hung!);
    const again = await service.start();
    expect(again.ok, again.text).toBe(true);
    // a signal to the hung worker wakes no other: the second worker ends by itself, or is ended if
    // it is still draining when the start checks
    const ended = JSON.parse(again.text).endedOrphans as number[];
    expect(ended).toContain(hung);
    expect(before).toEqual(expect.arrayContaining(ended));
    expect(before.filter(isAlive)).toEqual([]);
    const [second] = await untilWorkers(service, (pids) => pids.length === 2);
    await orphan(second!);
    expect(await stopService(service.directory, 1_000)).toBeGreaterThan(0);
    expect(isAlive(second!)).toBe(false);
  });

  test("after SIGTERM the service accepts requests for SBNSIS_LAMEDUCK_SECONDS while workers report it, then completes those in progress; a second signal skips the wait", async ({
    expect,
    service,
  }) => {
    writeFileSync(join(service.directory, "lame-duck"), "");
    await service.start();
    await untilWorkers(service, (pids) => pids.length === 2);
    const master = service.masterPid();
    process.kill(master, "SIGTERM");
    await expect
      .poll(() => existsSync(join(service.directory, "leaving.txt")), { timeout: 20_000 })
      .toBe(true);
    expect(await fetchText(service.port, "/pid", new Agent())).toMatch(/^\d+\n$/);
    expect(isAlive(master)).toBe(true);
    const headers = { expect: "100-continue" };
    const slow = get({ host: "127.0.0.1", port: service.port, path: "/slow?until=enough", headers });
    const answer = once(slow, "response");
    await once(slow, "continue");
    process.kill(master, "SIGTERM");
    // the worker without a request has ended
    await expect
      .poll(() => existsSync(join(service.directory, "closed.txt")), { timeout: 20_000 })
      .toBe(true);
    expect(await fetchText(service.port, "/pid", new Agent())).toMatch(/^\d+\n$/);
    writeFileSync(join(service.directory, "enough"), "");
    const [{ statusCode }] = (await answer) as [IncomingMessage];
    expect(statusCode).toBe(200);
    await expect.poll(() => isAlive(master), { timeout: 20_000 }).toBe(false);
  });
});
