import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../src/test-data/random.ts";
import { type Acknowledged, batchRows, completedBatch, sendBatch } from "../support/cluster/batches.ts";
import { canCutCables, cutCable } from "../support/cluster/cut-link.ts";
import { ask, type Load, load } from "../support/cluster/front-load.ts";
import { type Front, startFront } from "../support/cluster/fronts.ts";
import { type Cluster, cutouts, type Node, startCluster } from "../support/cluster/nodes.ts";
import { note, report, SEED } from "../support/cluster/report.ts";
import { hasProgram } from "../support/oracles.ts";
import { postgresPrograms } from "../support/servers/postgres-server.ts";

const programs = postgresPrograms();
const FRAMES = 12;
/** A copy of the built program that differs only in its version, in its own folder. */
function nextVersion(version: string): string {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "sis-next-"));
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const name of ["package.json", "dist/build.json"]) {
    const record = JSON.parse(readFileSync(join(root, name), "utf8")) as object;
    writeFileSync(join(folder, name), JSON.stringify({ ...record, version }));
  }
  return folder;
}

describe.skipIf(programs === undefined || !hasProgram("haproxy") || !hasProgram("nginx"))(
  "three nodes over one PostgreSQL (.ci/install-tools installs it, HAProxy and nginx)",
  { timeout: 120_000 },
  () => {
    let cluster: Cluster;
    let front: Front | undefined;
    /** The program that nodes were updated to. */
    let next: string | undefined;
    beforeAll(async () => {
      cluster = await startCluster(programs!, FRAMES);
    });
    afterAll(async () => {
      await front?.stop();
      await cluster?.stop();
      if (next !== undefined) rmSync(next, { recursive: true });
    });

    const made = async () => {
      const counts = cluster.nodes.map(async (node) => {
        const formats = ["fits", "png", "jpeg"].map((format) =>
          node.metric(`sbnsis_products_total{node="${node.name}",format="${format}",origin="made"}`),
        );
        return (await Promise.all(formats)).reduce((sum, count) => sum + count, 0);
      });
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    };
    /** Load while a fault affects a node, and for a moment before and after. */
    const during = async (paths: readonly string[], fault: () => Promise<void>): Promise<Load> => {
      const until = (async () => {
        await setTimeout(500);
        await fault();
        await setTimeout(500);
      })();
      return report(await load(front!.base, paths, { clients: 8, seed: SEED, until }));
    };
    const isReady = async ({ place }: Node) =>
      (await fetch(`${place.base}/api/ready`).catch(() => undefined))?.status === 200;

    test("a product has the same bytes, ETag and Last-Modified on every node; 304 and 206 hold across nodes (SHA-256, RFC 9110)", async () => {
      for (const path of cutouts(cluster, 3).slice(0, 6)) {
        const answers = await Promise.all(cluster.nodes.map(({ place }) => ask(`${place.base}/api${path}`)));
        const facts = answers.map(({ status, bytes, digest, headers }) => ({
          ...{ status, digest, etag: headers.etag, modified: headers["last-modified"] },
          isWhole: Number(headers["content-length"]) === bytes,
        }));
        expect(facts).toEqual(facts.map(() => facts[0]));
        expect(facts[0]).toMatchObject({ status: 200, isWhole: true });
        const etag = String(facts[0]?.etag);
        const there = `${cluster.nodes[1]!.place.base}/api${path}`;
        expect((await ask(there, { headers: { "if-none-match": etag } })).status).toBe(304);
        const rest = await ask(there, { headers: { range: "bytes=100-", "if-range": etag } });
        expect([rest.status, rest.bytes]).toEqual([206, answers[0]!.bytes - 100]);
      }
    });

    describe("behind HAProxy, configured by deploy/cluster/haproxy.cfg", () => {
      beforeAll(async () => {
        front = await startFront("haproxy", cluster.nodes);
      });
      afterAll(async () => await front?.stop());

      test("each product is made at most 1.1 times in all nodes, and its ETag never changes (metrics of the nodes)", async () => {
        const before = await made();
        const paths = [...cutouts(cluster, 8), ...cutouts(cluster, 8, true)];
        const result = report(
          await load(front!.base, paths, { clients: 8, seed: SEED, until: setTimeout(5000) }),
        );
        const makings = (await made()) - before;
        note({ makings });
        expect(result).toMatchObject({ lost: [], etagChanges: 0 });
        expect(result.distinct).toBeGreaterThan(paths.length / 4);
        expect(makings).toBeLessThanOrEqual(1.1 * result.distinct);
      });

      test("many clients that want one image are served by several nodes, and no request is lost (metrics of the nodes)", async () => {
        const served = () => Promise.all(cluster.nodes.map(({ metric }) => metric("sbnsis_products_total{")));
        const before = await served();
        // 100 at once: more than the 48 at which HAProxy limits the load of a node
        const paths = cutouts(cluster, 24).slice(0, 24);
        const result = report(
          await load(front!.base, paths, { clients: 100, seed: SEED, until: setTimeout(2000) }),
        );
        const counts = (await served()).map((count, i) => count - before[i]!);
        expect(result).toMatchObject({ lost: [], etagChanges: 0 });
        expect(counts.filter((count) => count > 0).length).toBeGreaterThan(1);
      });

      test("no request is lost when a node is killed with -9 and started again", async () => {
        const [, node] = cluster.nodes;
        const result = await during(cutouts(cluster, 6), async () => {
          await node!.signal("SIGKILL");
          await setTimeout(2500);
          await node!.start();
        });
        expect([result.lost, result.etagChanges, result.sent > 50]).toEqual([[], 0, true]);
      });

      test("a batch that was acknowledged ends with each row once when its nodes are killed with -9 meanwhile (manifest.json)", async () => {
        const acknowledged: Acknowledged[] = [];
        let refused = 0;
        const submit = async (i: number) => {
          // the same list has the same id, so a client without a response can send it again
          for (let attempt = 0; attempt < 5; attempt += 1) {
            const answer = await sendBatch(front!.base, batchRows(cluster, 0.0001 * i));
            if (answer?.ok === true) {
              acknowledged.push((await answer.json()) as Acknowledged);
              return;
            }
            refused += 1;
            await setTimeout(200);
          }
        };
        // two nodes, one after the other, at times chosen by the seed
        const random = seededRandom(SEED);
        for (const [i, node] of cluster.nodes.slice(0, 2).entries()) {
          const submitted = Promise.all([3 * i, 3 * i + 1, 3 * i + 2].map(submit));
          await setTimeout(200 + 600 * random.next());
          await node.signal("SIGKILL");
          await submitted;
          await node.start();
        }
        expect(acknowledged).toHaveLength(6);
        let doubled = 0;
        for (const batch of acknowledged) doubled += await completedBatch(front!.base, batch);
        note({ acknowledged: acknowledged.length, lost: 0, doubled, "sent again": refused });
        expect(doubled).toBe(0);
      });

      test("no request is lost when a node is frozen: those that it had are answered by others while it is (SIGSTOP)", async () => {
        const [, , node] = cluster.nodes;
        const pids = await node!.pids();
        const [inFlight, later]: [number[], number[]] = [[], []];
        const result = await during(cutouts(cluster, 6), async () => {
          for (const pid of pids) process.kill(pid, "SIGSTOP");
          try {
            const from = performance.now();
            const paths = cutouts(cluster, 1).map((path) => path.replace("2arcmin", "80arcsec"));
            const asked = paths.map(async (path) => {
              inFlight.push((await ask(`${front!.base}${path}`)).status);
            });
            await expect.poll(() => front!.isDown(node!), { timeout: 30_000 }).toBe(true);
            for (const path of cutouts(cluster, 1)) later.push((await ask(`${front!.base}${path}`)).status);
            await Promise.all(asked);
            note({ "in flight": asked.length, "longest ms": Math.round(performance.now() - from) });
          } finally {
            for (const pid of pids) process.kill(pid, "SIGCONT");
          }
        });
        const all = Array.from({ length: FRAMES }, () => 200);
        expect([result.lost, result.etagChanges, inFlight, later]).toEqual([[], 0, all, all]);
      });

      test.skipIf(!canCutCables())(
        "no request is lost when nothing passes between HAProxy and a node: those that it had are answered by others meanwhile (nftables, as root)",
        async () => {
          const [, node] = cluster.nodes;
          const statuses: number[] = [];
          const result = await during(cutouts(cluster, 6), async () => {
            const cable = cutCable(node!.place.port);
            try {
              const paths = cutouts(cluster, 1).map((path) => path.replace("2arcmin", "70arcsec"));
              const asked = paths.map(async (path) => {
                statuses.push((await ask(`${front!.base}${path}`)).status);
              });
              await expect.poll(() => front!.isDown(node!), { timeout: 30_000 }).toBe(true);
              await Promise.all(asked);
            } finally {
              cable.mend();
            }
          });
          const all = Array.from({ length: FRAMES }, () => 200);
          expect([result.lost, result.etagChanges, statuses]).toEqual([[], 0, all]);
          await expect.poll(() => front!.isDown(node!), { timeout: 30_000 }).toBe(false);
        },
      );

      test("no request is lost when a node is cut off from the database: HAProxy sends its images to others, and back once the connection is restored", async () => {
        const [, node] = cluster.nodes;
        let served = 0;
        const result = await during(cutouts(cluster, 6), async () => {
          node!.database.cut();
          try {
            await expect.poll(() => front!.isDown(node!), { timeout: 30_000 }).toBe(true);
            for (const path of cutouts(cluster, 1)) {
              if ((await ask(`${front!.base}${path}`)).status === 200) served += 1;
            }
          } finally {
            node!.database.mend();
          }
        });
        expect([result.lost, result.etagChanges, served]).toEqual([[], 0, FRAMES]);
        await expect.poll(() => front!.isDown(node!), { timeout: 30_000 }).toBe(false);
      });

      test("no request is lost when a node ends by SIGTERM after its lame-duck period, or when it starts again", async () => {
        const [node] = cluster.nodes;
        const result = await during(cutouts(cluster, 6), async () => {
          await node!.signal("SIGTERM", "master");
          await expect.poll(() => node!.pids().catch(() => "ended"), { timeout: 30_000 }).toBe("ended");
          await node!.start();
        });
        expect([result.lost, result.etagChanges]).toEqual([[], 0]);
      });

      test("no request is lost when a node is drained by the socket of HAProxy, restarted and put back", async () => {
        const [, node] = cluster.nodes;
        const result = await during(cutouts(cluster, 6), async () => {
          await front!.setState(node!, "drain");
          expect(await node!.place.run("sbnsis", "restart")).toMatchObject({ status: 0 });
          await front!.setState(node!, "ready");
        });
        expect([result.lost, result.etagChanges]).toEqual([[], 0]);
        await expect.poll(() => isReady(node!)).toBe(true);
      });

      test("no request is lost or mixed up while the nodes are updated one by one; a batch begun by the old version ends (version in sbnsis status)", async () => {
        next = nextVersion("0.2.0");
        const commands = join(next, "dist", "cli");
        const rows = cluster.images.map(({ obs_id, center_ra: ra, center_dec: dec }) => ({
          ...{ obs_id, ra },
          dec: dec + 0.0123,
        }));
        const begun = await fetch(`${front!.base}/batch?size=1arcmin&format=fits`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ rows }),
        });
        const { id } = (await begun.json()) as { readonly id: string };
        const result = await during(cutouts(cluster, 6), async () => {
          for (const node of cluster.nodes) {
            await node.signal("SIGTERM", "master");
            await expect.poll(() => node.pids().catch(() => "ended"), { timeout: 30_000 }).toBe("ended");
            node.place.upgrade(commands);
            await node.start();
            await expect.poll(() => front!.isDown(node), { timeout: 30_000 }).toBe(false);
          }
        });
        // products name the version that made them: their ETags change with it
        expect([result.lost, result.sent > 100]).toEqual([[], true]);
        const versions = cluster.nodes.map(async ({ place }) => (await place.status()).version);
        expect(await Promise.all(versions)).toEqual(["0.2.0", "0.2.0", "0.2.0"]);
        const status = async () => (await fetch(`${front!.base}/batch/${id}`)).json();
        await expect
          .poll(status, { timeout: 60_000, interval: 200 })
          .toMatchObject({ phase: "COMPLETED", rows: { done: rows.length, failed: 0, skipped: 0 } });
      });

      test("a client above the limit of HAProxy gets a problem document with 429 and Retry-After, and /metrics is 404 (RFC 9457)", async () => {
        const limited = await startFront("haproxy", cluster.nodes, 5);
        try {
          const answers = [];
          for (let i = 0; i < 8; i += 1) answers.push(await fetch(`${limited.base}/health`));
          const refused = answers.at(-1)!;
          expect([answers[0]!.status, refused.status, refused.headers.get("retry-after")]).toEqual([
            200,
            429,
            "60",
          ]);
          expect(await refused.json()).toMatchObject({ status: 429, code: "RATE_LIMITED" });
          expect((await fetch(`${front!.base}/metrics`)).status).toBe(404);
        } finally {
          await limited.stop();
        }
      });
    });

    describe("behind nginx, configured by deploy/cluster/nginx.conf", () => {
      beforeAll(async () => {
        front = await startFront("nginx", cluster.nodes);
      });
      afterAll(async () => await front?.stop());

      test("each product is made once in all nodes, in either spelling of its identifier (metrics of the nodes)", async () => {
        const before = await made();
        const paths = [...cutouts(cluster, 8), ...cutouts(cluster, 8, true)].map((path) =>
          `${path}`.replace("2arcmin", "90arcsec"),
        );
        const result = await load(front!.base, paths, { clients: 8, seed: SEED, until: setTimeout(4000) });
        expect([result.lost, result.etagChanges]).toEqual([[], 0]);
        expect((await made()) - before).toBeLessThanOrEqual(result.distinct);
      });

      test("no request is lost when a node behind nginx is killed with -9 and started again", async () => {
        const [, , node] = cluster.nodes;
        const result = await during(cutouts(cluster, 6), async () => {
          await node!.signal("SIGKILL");
          await setTimeout(1500);
          await node!.start();
        });
        expect([result.lost, result.etagChanges]).toEqual([[], 0]);
      });
    });
  },
);
