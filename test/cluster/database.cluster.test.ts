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
import { postgresPrograms } from "../support/postgres-server.ts";

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

    test("the replica serves requests when the primary is killed with -9; submissions are 503 with Retry-After until the replica is the primary; acknowledged batches are made, each row once (manifest.json)", async () => {
      const random = seededRandom(SEED);
      const acknowledged: Acknowledged[] = [];
      /** Statuses of submissions that were refused, and whether they said when to come again. */
      const refused: string[] = [];
      let sent = 0;
      const submit = async () => {
        sent += 1;
        const answer = await sendBatch(front.base, batchRows(cluster, 0.0001 * sent));
        if (answer?.ok === true) acknowledged.push((await answer.json()) as Acknowledged);
        else refused.push(`${answer?.status} ${answer?.headers.get("retry-after")}`);
        return answer?.ok === true;
      };
      const searches = { sent: 0, lost: [] as string[] };
      let isOver = false;
      const search = async () => {
        while (!isOver) {
          searches.sent += 1;
          const page = `order=time&maxrec=${1 + Math.floor(20 * random.next())}`;
          const answer = await fetch(`${front.base}/query?${page}`).catch((error: unknown) => `${error}`);
          if (typeof answer === "string" || answer.status !== 200) searches.lost.push(String(answer));
          else await answer.json();
        }
      };
      const fault = async () => {
        for (let i = 0; i < 3; i += 1) expect(await submit()).toBe(true);
        await setTimeout(500 * random.next());
        const killed = await database.killPrimary();
        const from = performance.now();
        let until = from;
        // those that the primary took before its death was known count as well
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
      const isDone = fault().finally(() => {
        isOver = true;
      });
      const [result, { killed, refusedMs }] = await Promise.all([
        load(front.base, cutouts(cluster, 100), { clients: 4, seed: SEED, until: isDone }),
        isDone,
        search(),
      ]);
      report(result);
      let doubled = 0;
      for (const batch of acknowledged) doubled += await completedBatch(front.base, batch);
      note({
        ...{ acknowledged: acknowledged.length, doubled, refused: refused.length, "refused ms": refusedMs },
        ...{ searches: searches.sent, "searches lost": searches.lost.length },
      });
      expect([result.lost, result.etagChanges, searches.lost, doubled]).toEqual([[], 0, [], 0]);
      expect(refused.filter((answer) => !/^503 \d+$/.test(answer))).toEqual([]);
      expect((await database.roles())[killed]).toBe("synchronous");
    });
  },
);
