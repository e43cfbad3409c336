/**
 * New cutouts a second, and their processor time, behind HAProxy with one, two and three nodes on
 * one machine: `npx tsx bench/service/node-scaling.ts [CUTOUTS]`, after `npm run build`. On a
 * machine whose processors a single node keeps busy, the rate shows nothing, but the processor time
 * of a cutout must not grow with the number of nodes.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { ask } from "../../test/support/cluster/front-load.ts";
import { startFront } from "../../test/support/cluster/fronts.ts";
import { startCluster } from "../../test/support/cluster/nodes.ts";
import { postgresPrograms } from "../../test/support/servers/postgres-server.ts";

const CLIENTS = 8;
const count = Number(process.argv[2] ?? 600);
const programs = postgresPrograms();
if (programs === undefined) throw new Error("PostgreSQL is not installed");

const TICKS = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Processor time of a process so far, user and system, seconds (proc(5), /proc/pid/stat). */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

const cluster = await startCluster(programs, 24);
try {
  for (const nodes of [1, 2, 3]) {
    const used = cluster.nodes.slice(0, nodes);
    const front = await startFront("haproxy", used);
    // HAProxy notices within 3.5 s that there are no machines at the other addresses
    await setTimeout(5000);
    // positions that no earlier round has requested
    const paths = Array.from({ length: count }, (_, i) => {
      const { obs_id, center_ra, center_dec } = cluster.images[i % cluster.images.length]!;
      const dec = center_dec + 1e-4 * Math.floor(i / cluster.images.length) + 1e-5 * nodes;
      const id = encodeURIComponent(obs_id);
      return `/images/${id}?ra=${center_ra.toFixed(5)}&dec=${dec.toFixed(5)}&size=2arcmin&format=fits`;
    });
    const pids = (await Promise.all(used.map((node) => node.pids()))).flat();
    const seconds = () => pids.reduce((sum, pid) => sum + processorSeconds(pid), 0);
    const before = seconds();
    const began = performance.now();
    const waiting = paths.values();
    let failed = 0;
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        for (const path of waiting) if ((await ask(`${front.base}${path}`)).status !== 200) failed += 1;
      }),
    );
    const elapsed = (performance.now() - began) / 1000;
    const processor = ((seconds() - before) / count) * 1000;
    console.log(
      `${nodes} nodes: ${count} new cutouts, ${failed} failed, ${(count / elapsed).toFixed(0)}/s, ` +
        `${processor.toFixed(2)} ms of a processor each in the nodes`,
    );
    await front.stop();
  }
} finally {
  await cluster.stop();
}
