import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntilGone } from "../../src/concurrency/process-signals.ts";
import { engineOf } from "../../src/jobs/open-jobs.ts";
import { seededRandom } from "../../src/test-data/random.ts";
import { type Acknowledged, completedBatch, sendBatch } from "../support/cluster/batches.ts";
import { type Cluster, type Node, startNodes } from "../support/cluster/nodes.ts";
import { note, SEED } from "../support/cluster/report.ts";
import { isPgBossInstalled } from "../support/jobs/pg-boss-monitor.ts";
import { PostgresServer, postgresPrograms } from "../support/servers/postgres-server.ts";

const programs = postgresPrograms();
const isDelivered =
  (await isPgBossInstalled()) && engineOf({ database: "postgresql://127.0.0.1/sky" }) === "pg-boss";

/** A chunk that a node holds. */
interface Held {
  readonly job: string;
  readonly n: number;
}

/** Records each claim: the token ends with the number of times that pg-boss redelivered it. */
const RECORD_CLAIMS = `
  CREATE TABLE claimed (job VARCHAR, n INTEGER, node VARCHAR, token VARCHAR);
  CREATE FUNCTION record_claim() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN INSERT INTO public.claimed VALUES (NEW.job, NEW.n, NEW.node, NEW.token); RETURN NEW; END $$;
  CREATE TRIGGER record_claim AFTER UPDATE ON sbnsis_jobs.chunk FOR EACH ROW
    WHEN (NEW.token IS NOT NULL AND NEW.token IS DISTINCT FROM OLD.token) EXECUTE FUNCTION record_claim()`;

describe.skipIf(programs === undefined || !isDelivered)(
  "three nodes whose jobs pg-boss delivers (.ci/install-tools installs PostgreSQL; pg-boss needs Node 22.12)",
  { timeout: 120_000 },
  () => {
    let server: PostgresServer;
    let cluster: Cluster;
    const select = async <T>(sql: string) => (await server.execute("sky", sql)) as readonly T[];
    const count = async (from: string) => {
      const [row] = await select<{ readonly n: number }>(`SELECT count(*)::int AS n FROM ${from}`);
      return row!.n;
    };
    beforeAll(async () => {
      server = await PostgresServer.create(programs!);
      await server.execute("postgres", "CREATE DATABASE sky");
      cluster = await startNodes(["node1", "node2", "node3"], server.settings("sky"), 12);
    });
    afterAll(async () => {
      await cluster?.stop();
      await server?.destroy();
    });

    /** A batch of `size` rows for each image; another `shift`, in degrees, is another batch. */
    const submit = async ({ place }: Node, size: number, shift: number): Promise<Acknowledged> => {
      const rows = cluster.images.flatMap(({ obs_id, center_ra: ra, center_dec: dec }) =>
        Array.from({ length: size }, (_, k) => ({ obs_id, ra, dec: dec + 0.001 * (k - size / 2) + shift })),
      );
      const answer = await sendBatch(`${place.base}/api`, rows);
      const text = await answer?.text();
      expect([answer?.ok, text]).toEqual([true, text]);
      return JSON.parse(text!) as Acknowledged;
    };
    /** Stops a node permanently in the middle of a chunk; returns the chunk. */
    const killWithChunk = async (node: Node): Promise<Held> => {
      // a stopped master does not report its processes
      const pids = await node.pids();
      const signal = (name: NodeJS.Signals) => pids.map((pid) => process.kill(pid, name));
      for (;;) {
        signal("SIGSTOP");
        const [held] = await select<Held>(
          `SELECT job, n FROM sbnsis_jobs.chunk WHERE state = 'running' AND node LIKE '${node.name} %' AND missing > 1`,
        );
        if (held !== undefined) {
          signal("SIGKILL");
          await Promise.all(pids.map((pid) => waitUntilGone(pid, 10_000)));
          return held;
        }
        signal("SIGCONT");
        await setTimeout(100);
      }
    };

    test("a node that is killed with -9 while it holds a chunk: pg-boss delivers the chunk to another, each row has one result, and each acknowledged job completes (rows and messages in PostgreSQL, manifest.json)", async () => {
      const random = seededRandom(SEED);
      const [node1] = cluster.nodes;
      // creates the tables of jobs
      await completedBatch(`${node1!.place.base}/api`, await submit(node1!, 1, 0));
      await select(RECORD_CLAIMS);
      const jobs: Acknowledged[] = [];
      for (const [i, node] of cluster.nodes.entries()) jobs.push(await submit(node, 20, 0.0001 * (i + 1)));
      const killed = cluster.nodes[Math.floor(3 * random.next())]!;
      const held = await killWithChunk(killed);
      const sent = await count("sbnsis_queue.job WHERE name = 'chunk' AND state IN ('created', 'active')");
      expect(sent).toBeGreaterThan(1);
      const [other] = cluster.nodes.filter((node) => node !== killed);
      let doubled = 0;
      for (const job of jobs) doubled += await completedBatch(`${other!.place.base}/api`, job);
      expect(doubled).toBe(0);

      // the primary key of results is the row: a second result would be refused or change a number
      const facts = await select<Record<string, unknown>>(
        `SELECT j.phase, j.items, j.done, j.failed, j.sequence, count(r.item)::int AS results,
           count(DISTINCT r.sequence)::int AS sequences, max(r.sequence) AS last
         FROM sbnsis_jobs.job j JOIN sbnsis_jobs.result r ON r.job = j.id GROUP BY j.id ORDER BY j.items`,
      );
      const once = (items: number) => ({
        ...{ phase: "COMPLETED", items, done: items, failed: 0, sequence: items },
        ...{ results: items, sequences: items, last: items },
      });
      expect(facts).toEqual([once(12), once(240), once(240), once(240)]);
      expect(await count("sbnsis_jobs.chunk WHERE state <> 'done' OR missing <> 0")).toBe(0);
      expect(await count("sbnsis_queue.job WHERE name IN ('chunk', 'chunk-given-up')")).toBe(0);
      const claims = await select<{ readonly node: string; readonly token: string }>(
        `SELECT node, token FROM claimed WHERE job = '${held.job}' AND n = ${held.n}`,
      );
      const last = claims.at(-1)!;
      expect(last.node.startsWith(`${killed.name} `)).toBe(false);
      expect(Number(last.token.split(".").at(-1))).toBeGreaterThanOrEqual(1);
      note({
        jobs: jobs.length,
        completed: facts.length - 1,
        "rows doubled": doubled,
        chunks: await count("sbnsis_jobs.chunk"),
        claims: await count("claimed"),
        "chunks delivered again": await count("claimed WHERE token ~ '[.][1-9][0-9]*$'"),
      });
      await killed.start();
    });
  },
);
