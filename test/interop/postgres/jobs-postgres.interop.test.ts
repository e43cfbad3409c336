import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JobQueue } from "../../../src/jobs/job-store.ts";
import { engineOf, engineWarning, type JobEngine, openJobs } from "../../../src/jobs/open-jobs.ts";
import { jobsContract } from "../../support/jobs/contract.ts";
import { claimOf, doneItem, testJob } from "../../support/jobs/job-database.ts";
import { isPgBossInstalled, loseHeartbeats } from "../../support/jobs/pg-boss-monitor.ts";
import { preparedJobsContract } from "../../support/jobs/prepared-contract.ts";
import { jobProcessContract } from "../../support/jobs/process-contract.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const programs = postgresPrograms();
const hasPgBoss = await isPgBossInstalled();
const nameOf = (url: string) => new URL(url).pathname.slice(1);

describe.skipIf(programs === undefined)("jobs on a PostgreSQL server", () => {
  let server: PostgresServer;
  let made = 0;
  beforeAll(async () => {
    server = await PostgresServer.create(programs!);
  });
  afterAll(() => server.destroy());

  const postgresJobs = async () => {
    made += 1;
    const name = `jobs${made}`;
    await server.execute("postgres", `CREATE DATABASE ${name}`);
    const { username: user, password } = server.settings(name);
    const url = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${name}`;
    const drop = async () => {
      await server.execute("postgres", `DROP DATABASE ${name} WITH (FORCE)`);
    };
    return { url, drop };
  };
  const rows = async () => ({ ...(await postgresJobs()), engine: "rows" as const });
  jobsContract("PostgreSQL, from rows", rows);
  preparedJobsContract("PostgreSQL, from rows", rows);
  jobProcessContract("PostgreSQL, from rows", rows);

  describe.skipIf(!hasPgBoss)("with pg-boss (not installed by npm on Node before 22.12)", () => {
    const delivered = async () => {
      const database = await postgresJobs();
      return { ...database, engine: "pg-boss" as const, lapse: () => loseHeartbeats(database.url) };
    };
    jobsContract("PostgreSQL, by pg-boss", delivered);
    preparedJobsContract("PostgreSQL, by pg-boss", delivered);
    jobProcessContract("PostgreSQL, by pg-boss", delivered);

    let database: Awaited<ReturnType<typeof delivered>>;
    const queues: JobQueue[] = [];
    const open = (engine: JobEngine = "pg-boss") => {
      const queue = openJobs({ database: database.url }, engine);
      queues.push(queue);
      return queue;
    };
    const messages = async (name = "chunk") =>
      (await server.execute(
        nameOf(database.url),
        `select state, data, retry_count from sbnsis_queue.job where name = '${name}'`,
      )) as {
        readonly state: string;
        readonly data: Record<string, unknown>;
        readonly retry_count: number;
      }[];
    beforeEach(async () => {
      database = await delivered();
    });
    afterEach(async () => {
      for (const queue of queues.splice(0)) await queue.close();
      await database.drop();
    });

    it("processes that open an empty database at the same time all open it", async () => {
      const opened = await Promise.allSettled(
        Array.from({ length: 6 }, () => open().submit(testJob("a", 4))),
      );
      expect(opened.filter(({ status }) => status === "rejected")).toEqual([]);
      expect(await messages()).toHaveLength(1);
    });

    it("the rows of a job and its messages on pg-boss are one transaction: a refused job leaves none", async () => {
      const queue = open();
      const limits = { perOwner: 1, total: 1 };
      await queue.submit(testJob("a", 40, { limits }));
      expect(await messages()).toHaveLength(10);
      await expect(queue.submit(testJob("b", 40, { limits }))).rejects.toMatchObject({
        code: "TOO_MANY_JOBS",
      });
      await queue.prepare({ ...testJob("c", 0), executionMs: 0, perOwner: 9 });
      const late = () => {
        throw new Error("changed its mind");
      };
      await expect(queue.amend("c", late)).rejects.toThrow();
      expect(await messages()).toHaveLength(10);
      await queue.abort("a");
      expect(await messages()).toEqual([]);
    });

    it("a chunk that pg-boss gives up becomes a dead letter that names its job and the reason", async () => {
      const queue = open();
      await queue.submit(testJob("a", 8));
      const claim = (await claimOf(queue))!;
      await queue.fail(claim, {
        code: "CACHE_UNAVAILABLE",
        detail: "no room",
        backoffMs: 0,
        maximumAttempts: 1,
      });
      expect((await messages("chunk-given-up")).map(({ data }) => data)).toEqual([
        { job: "a", n: 0, kind: "test", code: "CACHE_UNAVAILABLE", detail: "no room" },
      ]);
      expect(await messages()).toHaveLength(1);
    });

    it("chunks are claimed one after the other, without polling pg-boss between them", async () => {
      const queue = open();
      await queue.submit(testJob("a", 400));
      let claims = 0;
      for (let claim = await claimOf(queue); claim !== undefined; claim = await claimOf(queue)) {
        claims += 1;
        await queue.store(
          claim,
          claim.items.map(({ item }) => doneItem(item)),
          1000,
        );
      }
      expect(claims).toBe(100);
      expect(await messages()).toEqual([]);
    });

    it("a worker on pg-boss that returns after its heartbeats were lost holds no chunk, even before another claims it", async () => {
      const queue = open();
      await queue.submit(testJob("a", 4));
      const claim = (await claimOf(queue))!;
      await database.lapse();
      expect(await messages()).toMatchObject([{ state: "retry" }]);
      expect(await queue.renew(claim, 1000)).toBe(false);
      expect(await queue.store(claim, [doneItem(0)], 1000)).toBe(false);
      expect(await queue.get("a")).toMatchObject({ done: 0 });
    });

    it("processes with and without pg-boss share a database: each chunk is claimed once, whoever queued it", async () => {
      const [boss, rowsOnly] = [open(), open("rows")];
      await rowsOnly.submit(testJob("old", 40));
      await boss.submit(testJob("new", 40));
      const items: string[] = [];
      for (let claims = 1; claims > 0; ) {
        const found = await Promise.all([boss, rowsOnly, boss, rowsOnly].map((queue) => claimOf(queue)));
        claims = found.filter((claim) => claim !== undefined).length;
        for (const claim of found)
          items.push(...(claim?.items ?? []).map(({ item }) => `${claim?.job.id} ${item}`));
      }
      expect(items).toHaveLength(80);
      expect(new Set(items).size).toBe(80);
      expect(await claimOf(boss)).toBeUndefined();
    });

    it("a process with pg-boss runs what one without it has queued, and what one left unfinished", async () => {
      const [boss, rowsOnly] = [open(), open("rows")];
      await rowsOnly.submit(testJob("old", 8));
      await claimOf(rowsOnly, { leaseMs: 1 });
      await setTimeout(5);
      const chunks = [(await claimOf(boss))!, (await claimOf(boss))!].map(({ chunk }) => chunk);
      expect(chunks.toSorted()).toEqual([0, 1]);
      expect(await claimOf(boss)).toBeUndefined();
    });

    it("pg-boss messages of a kind that only a newer version runs wait, and do not block others", async () => {
      const queue = open();
      await queue.submit(testJob("new", 40, { kind: "alien", owner: "client" }));
      await queue.submit(testJob("known", 4, { owner: "client" }));
      expect(await claimOf(queue)).toMatchObject({ job: { id: "known" } });
      expect(await messages()).toHaveLength(11);
      expect(await claimOf(queue, { kinds: ["alien"] })).toMatchObject({ job: { id: "new" } });
    });
  });

  it("pg-boss is used on PostgreSQL by Node 22.12 and later; older versions say that it is not", () => {
    const database = "postgresql://host/name";
    expect(engineOf({ database }, "22.12.0")).toBe("pg-boss");
    expect(engineOf({ database }, "24.0.0")).toBe("pg-boss");
    expect(engineWarning({ database }, "22.12.0")).toBeUndefined();
    expect(engineOf({ database }, "22.11.9")).toBe("rows");
    expect(engineWarning({ database }, "20.19.0")).toContain("Node 20.19.0 cannot run pg-boss");
    expect(engineOf({ database: "./jobs.db" }, "24.0.0")).toBe("rows");
    expect(engineWarning({ database: "./jobs.db" }, "20.19.0")).toBeUndefined();
  });

  it("a PostgreSQL server that is killed and restarted loses no result of a job, and the queue continues by itself", async () => {
    const { url, drop } = await postgresJobs();
    const queue = openJobs({ database: url });
    await queue.submit(testJob("a", 4));
    const claim = (await claimOf(queue))!;
    expect(await queue.store(claim, [doneItem(0), doneItem(1)], 3_600_000)).toBe(true);
    await server.kill();
    await expect(queue.get("a")).rejects.toMatchObject({ code: "JOBS_UNAVAILABLE" });
    await server.start();
    await expect
      .poll(() => queue.get("a").catch(() => undefined), { timeout: 20_000 })
      .toMatchObject({ done: 2 });
    expect(await queue.store(claim, [doneItem(2), doneItem(3)], 1000)).toBe(true);
    expect(await queue.get("a")).toMatchObject({ phase: "COMPLETED", done: 4 });
    await queue.close();
    await drop();
  });
});
