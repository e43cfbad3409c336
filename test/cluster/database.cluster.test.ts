import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../src/test-data/random.ts";
import { type Acknowledged, batchRows, completedBatch, sendBatch } from "../support/cluster/batches.ts";
import { load } from "../support/cluster/front-load.ts";
import { type Front, startFront } from "../support/cluster/fronts.ts";
import { type Cluster, cutouts, startNodes } from "../support/cluster/nodes.ts";
import { type Patroni, startPatroni } from "../support/cluster/patroni.ts";
import { note, report, SEED } from "../support/cluster/report.ts";
import { hasProgram } from "../support/oracles.ts";
import { postgresPrograms } from "../support/servers/postgres-server.ts";

const programs = postgresPrograms();
const isInstalled = programs !== undefined && ["haproxy", "patroni", "etcd"].every(hasProgram);

describe.skipIf(!isInstalled)(
  "two nodes over PostgreSQL kept by Patroni, as in deploy/cluster (.ci/install-tools installs it, etcd and HAProxy)",
  { timeout: 120_000 },
  () => {
    let database: Patroni;
    let cluster: Cluster;
    let front: Front;
    beforeAll(async () => {
      database = await startPatroni(programs!);
      await database.execute("postgres", "CREATE DATABASE sky");
      cluster = await startNodes(["node1", "node2"], database.settings, 6);
      front = await startFront("haproxy", cluster.nodes);
    });
    afterAll(async () => {
      await front?.stop();
      await cluster?.stop();
      await database?.stop();
    });

    /** Batches that are sent, each with other rows. */
    const submissions = () => {
      const acknowledged: Acknowledged[] = [];
      /** Statuses of the refused ones, and their Retry-After. */
      const refused: string[] = [];
      return {
        acknowledged,
        refused,
        submit: async () => {
          sent += 1;
          const answer = await sendBatch(front.base, batchRows(cluster, 0.0001 * sent));
          if (answer?.ok === true) acknowledged.push((await answer.json()) as Acknowledged);
          else refused.push(`${answer?.status} ${answer?.headers.get("retry-after")}`);
          return answer?.ok === true;
        },
      };
    };
    let sent = 0;

    /** Cutouts and searches during an event; none may be lost. */
    const during = async <T>(fault: () => Promise<T>): Promise<T> => {
      const random = seededRandom(SEED + 1);
      const searches = { sent: 0, lost: [] as string[] };
      let isOver = false;
      const search = async () => {
        while (!isOver) {
          searches.sent += 1;
          const page = `order=time&maxrec=${1 + Math.floor(20 * random.next())}`;
          const answer = await fetch(`${front.base}/query?${page}`).catch(String);
          if (typeof answer === "string") searches.lost.push(answer);
          else if (answer.status !== 200) searches.lost.push(`${answer.status} ${await answer.text()}`);
          else await answer.json();
        }
      };
      const isDone = fault().finally(() => {
        isOver = true;
      });
      const [result, outcome] = await Promise.all([
        load(front.base, cutouts(cluster, 100), { clients: 4, seed: SEED, until: isDone }),
        isDone,
        search(),
      ]);
      report(result);
      note({ searches: searches.sent, "searches lost": searches.lost.length });
      expect([result.lost, result.etagChanges, searches.lost]).toEqual([[], 0, []]);
      return outcome;
    };

    test("the replica serves requests when the primary is killed with -9; submissions are 503 with Retry-After until the replica is the primary; acknowledged batches are made, each row once (manifest.json)", async () => {
      const random = seededRandom(SEED);
      const { acknowledged, refused, submit } = submissions();
      const fault = async () => {
        for (let i = 0; i < 3; i += 1) expect(await submit()).toBe(true);
        await setTimeout(500 * random.next());
        const killed = await database.kill("primary");
        const from = performance.now();
        let until = from;
        // those accepted by the primary before its failure was noticed count as well
        while (!(await submit()) || refused.length === 0) {
          until = performance.now();
          await setTimeout(250);
        }
        const refusedMs = Math.round(until - from);
        for (let i = 0; i < 3; i += 1) expect(await submit()).toBe(true);
        database.start(killed);
        await database.settled();
        return { killed, refusedMs };
      };
      const { killed, refusedMs } = await during(fault);
      let doubled = 0;
      for (const batch of acknowledged) doubled += await completedBatch(front.base, batch);
      note({ acknowledged: acknowledged.length, doubled, refused: refused.length, "refused ms": refusedMs });
      expect(doubled).toBe(0);
      expect(refused.filter((answer) => !/^503 \d+$/.test(answer))).toEqual([]);
      expect((await database.roles())[killed]).toBe("synchronous");
    });

    test("requests go on by the primary when the replica is killed with -9, and batches are accepted; it catches up (pg_stat_replication as Patroni states it)", async () => {
      const { acknowledged, refused, submit } = submissions();
      let slowestMs = 0;
      await during(async () => {
        const killed = await database.kill("replica");
        for (let i = 0; i < 3; i += 1) {
          const from = performance.now();
          await submit();
          slowestMs = Math.max(slowestMs, Math.round(performance.now() - from));
        }
        database.start(killed);
        await database.settled();
      });
      note({ acknowledged: acknowledged.length, refused: refused.length, "slowest ms": slowestMs });
      expect(refused).toEqual([]);
      for (const batch of acknowledged) expect(await completedBatch(front.base, batch)).toBe(0);
    });

    test("nodes that restart go on over tables that a newer version has extended, and leave the jobs that only it can run (rows of the tables)", async () => {
      const { acknowledged, submit } = submissions();
      await submit();
      await completedBatch(front.base, acknowledged[0]!);
      for (const statement of [
        "ALTER TABLE image_detail ADD COLUMN color VARCHAR",
        "ALTER TABLE sis_schema ADD COLUMN oldest INTEGER",
        "INSERT INTO sis_schema SELECT max(version) + 1, max(version) FROM sis_schema",
        "ALTER TABLE sbnsis_jobs.job ADD COLUMN color VARCHAR NOT NULL DEFAULT 'red'",
        "ALTER TABLE sbnsis_jobs.sbnsis_jobs_schema ADD COLUMN oldest INTEGER",
        "INSERT INTO sbnsis_jobs.sbnsis_jobs_schema SELECT max(version) + 1, max(version) FROM sbnsis_jobs.sbnsis_jobs_schema",
        `INSERT INTO sbnsis_jobs.job SELECT (jsonb_populate_record(job, '{"id": "next", "kind": "batch of the next version", "phase": "QUEUED", "priority": 20, "done": 0}')).* FROM sbnsis_jobs.job WHERE id = '${acknowledged[0]!.id}'`,
        `INSERT INTO sbnsis_jobs.chunk SELECT (jsonb_populate_record(chunk, '{"job": "next", "state": "waiting", "attempts": 0, "ready": 0}')).* FROM sbnsis_jobs.chunk WHERE job = '${acknowledged[0]!.id}'`,
      ])
        await database.execute("sky", statement);
      await during(async () => {
        for (const { place } of cluster.nodes)
          expect(await place.run("sbnsis", "restart")).toMatchObject({ status: 0 });
        expect(await submit()).toBe(true);
      });
      expect(await completedBatch(front.base, acknowledged[1]!)).toBe(0);
      const chunks =
        "SELECT DISTINCT phase, state, attempts FROM sbnsis_jobs.job JOIN sbnsis_jobs.chunk ON job = id";
      expect(await database.execute("sky", `${chunks} WHERE id = 'next'`)).toEqual([
        { phase: "QUEUED", state: "waiting", attempts: 0 },
      ]);
    });
  },
);
