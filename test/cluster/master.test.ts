import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

describe("a master and its workers", () => {
  let service: ServiceUnderTest;
  const status = async () => (await askMaster(service.directory, "status", 5_000)) as ServiceStatus;
  const untilWorkers = async (wanted: (pids: readonly number[]) => boolean, within: number) => {
    const end = Date.now() + within;
    for (;;) {
      const pids = (await status()).workers.map((worker) => worker.pid);
      if (wanted(pids)) return pids;
      if (Date.now() > end) throw new Error(`the workers are ${pids.join(", ")}`);
      await pause(50);
    }
  };

  beforeEach(async () => {
    service = await serviceUnderTest();
  });
  afterEach(() => service.dispose());

  test("start returns when a worker responds; a second start reports the running service, by the pid file", async () => {
    const first = await service.start();
    expect(first.ok).toBe(true);
    expect(await fetchText(service.port, "/pid")).toMatch(/^\d+\n$/);
    const second = await service.start();
    expect(second).toEqual({
      ok: false,
      text: `the service is already running in this directory, pid ${service.masterPid()}`,
    });
  });

  test("a failed start reports the worker's reason and leaves nothing behind", async () => {
    writeFileSync(join(service.directory, "broken"), "");
    const started = await service.start();
    expect(started.ok).toBe(false);
    expect(started.text).toContain("the test says that it is broken");
    expect(() => service.masterPid()).toThrow("ENOENT");
  });

  test("a taken port is named in one line", async () => {
    const other = createServer().listen(service.port, "127.0.0.1");
    const started = await service.start();
    other.close();
    expect(started).toEqual({
      ok: false,
      text: `port ${service.port} on 127.0.0.1 is in use by another program; set API_PORT to a free port`,
    });
  });

  test("a pid file of a dead process, or with the id of another program, does not prevent a start", async () => {
    writeFileSync(join(service.directory, "sbnsis.pid"), `${process.pid}\nanother birth\n`);
    expect((await service.start()).ok).toBe(true);
    expect(isAlive(service.masterPid())).toBe(true);
    expect(service.masterPid()).not.toBe(process.pid);
  });

  test("restarts and rolls under 8 clients lose no request", async () => {
    await service.start();
    const load = clients(service.port, 8);
    await pause(300);
    const masters = new Set([service.masterPid()]);
    for (let i = 0; i < 3; i++) {
      await askMaster(service.directory, "restart", 60_000);
      masters.add(service.masterPid());
      await pause(300);
    }
    const before = await untilWorkers((pids) => pids.length === 2, 3_000);
    process.kill(service.masterPid(), "SIGHUP");
    await untilWorkers((pids) => pids.length === 2 && pids.every((pid) => !before.includes(pid)), 10_000);
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(50);
    expect(masters.size).toBe(4);
  });

  test("a version that does not start leaves the old one serving, and the restart says why", async () => {
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
    const fresh = (await status()).workers.map((worker) => worker.pid);
    for (let i = 0; i < 20; i++) {
      const pid = Number(await fetchText(service.port, "/pid", new Agent()));
      expect(fresh).toContain(pid);
    }
  });

  test("a killed worker is replaced while its sibling continues to serve", async () => {
    await service.start();
    const [victim] = await untilWorkers((pids) => pids.length === 2, 5_000);
    process.kill(victim!, "SIGKILL");
    for (let i = 0; i < 5; i++) await fetchText(service.port, "/pid");
    await untilWorkers((pids) => pids.length === 2 && !pids.includes(victim!), 10_000);
  });

  test("every worker reopens the log on SIGUSR1", async () => {
    await service.start();
    const pids = await untilWorkers((found) => found.length === 2, 5_000);
    process.kill(service.masterPid(), "SIGUSR1");
    const path = join(service.directory, "reopened.txt");
    const reopened = () =>
      existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").map(Number) : [];
    // the waiting spare has the log open as well
    await expect.poll(reopened, { timeout: 10_000 }).toEqual(expect.arrayContaining([...pids]));
    expect(new Set(reopened()).size).toBe(reopened().length);
  });

  test("stop waits for requests in progress, then no process is left", async () => {
    await service.start();
    const pids = await untilWorkers((found) => found.length === 2, 5_000);
    const slow = fetchText(service.port, "/slow?ms=700");
    await pause(100);
    const master = await stopService(service.directory, 15_000);
    expect(await slow).toMatch(/^\d+\n$/);
    expect([master, ...pids].filter(isAlive)).toEqual([]);
    await expect(stopService(service.directory, 15_000)).rejects.toThrow(
      "the service is not running in this directory",
    );
  });

  test("workers that die after the first is ready, but before they are, are replaced until all are running", async () => {
    writeFileSync(join(service.directory, "late"), "");
    expect((await service.start()).ok).toBe(true);
    await untilWorkers((pids) => pids.length === 2, 30_000);
    expect(existsSync(join(service.directory, "late"))).toBe(false);
  });

  test("a hung worker, which reports nothing, is ended and replaced", async () => {
    writeFileSync(join(service.directory, "impatient"), "");
    await service.start();
    const [hung] = await untilWorkers((pids) => pids.length === 2, 30_000);
    process.kill(hung!, "SIGSTOP");
    await untilWorkers((pids) => pids.length === 2 && !pids.includes(hung!), 30_000);
    expect(isAlive(hung!)).toBe(false);
    // lines of the log are written a little later
    const log = () => readFileSync(join(service.directory, "service.log"), "utf8");
    await expect.poll(log, { timeout: 10_000 }).toContain("no report for 3 s");
  });

  test("a hung worker of a killed master keeps the port neither from the next start nor from stop", async () => {
    await service.start();
    const before = await untilWorkers((pids) => pids.length === 2, 30_000);
    const [hung] = before;
    const orphan = async (pid: number) => {
      process.kill(pid, "SIGSTOP");
      process.kill(service.masterPid(), "SIGKILL");
      await expect.poll(() => isAlive(service.masterPid())).toBe(false);
    };
    await orphan(hung!);
    const again = await service.start();
    expect(again.ok).toBe(true);
    // a signal to the hung one wakes nobody else: the other worker ends by itself, and is ended
    // only if it is still draining when the start looks
    const ended = JSON.parse(again.text).endedOrphans as number[];
    expect(ended).toContain(hung);
    expect(before).toEqual(expect.arrayContaining(ended));
    expect(before.filter(isAlive)).toEqual([]);
    const [second] = await untilWorkers((pids) => pids.length === 2, 30_000);
    await orphan(second!);
    expect(await stopService(service.directory, 1_000)).toBeGreaterThan(0);
    expect(isAlive(second!)).toBe(false);
  });

  test("after SIGTERM requests are taken for SBNSIS_LAMEDUCK_SECONDS while workers report it; a second signal ends at once", async () => {
    writeFileSync(join(service.directory, "lame-duck"), "");
    await service.start();
    await untilWorkers((pids) => pids.length === 2, 30_000);
    const master = service.masterPid();
    process.kill(master, "SIGTERM");
    await expect.poll(() => existsSync(join(service.directory, "leaving.txt"))).toBe(true);
    expect(await fetchText(service.port, "/pid", new Agent())).toMatch(/^\d+\n$/);
    expect(isAlive(master)).toBe(true);
    process.kill(master, "SIGTERM");
    await expect.poll(() => isAlive(master), { timeout: 20_000 }).toBe(false);
  });
});
