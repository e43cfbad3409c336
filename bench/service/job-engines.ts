import { setTimeout } from "node:timers/promises";
import type { JobQueue } from "../../src/jobs/job-store.ts";
import { openJobs } from "../../src/jobs/open-jobs.ts";
import { claimOf, doneItem, testJob } from "../../test/support/jobs/job-database.ts";
import { PostgresServer, postgresPrograms } from "../../test/support/servers/postgres-server.ts";

// Compares the two engines of jobs on PostgreSQL: npx tsx bench/service/job-engines.ts [chunks].
// Chunks of one item that do nothing; Node 22.12 or later, because of pg-boss.
const chunks = Number(process.argv[2] ?? 2_000);
const programs = postgresPrograms();
if (programs === undefined) throw new Error("PostgreSQL is not installed");
const server = await PostgresServer.create(programs);

/** Claims and stores until nothing is left; the number of chunks. */
async function drain(queue: JobQueue): Promise<number> {
  let done = 0;
  for (let claim = await claimOf(queue); claim !== undefined; claim = await claimOf(queue)) {
    const results = claim.items.map(({ item }) => doneItem(item));
    await queue.store(claim, results, 15_000);
    done += 1;
  }
  return done;
}

const seconds = (since: number) => (performance.now() - since) / 1000;

try {
  for (const engine of ["rows", "pg-boss"] as const) {
    const name = `engine_${engine.replace("-", "_")}`;
    await server.execute("postgres", `CREATE DATABASE ${name}`);
    const { username, password } = server.settings(name);
    const url = `postgresql://${username}:${password}@127.0.0.1:${server.port}/${name}`;
    const open = () => openJobs({ database: url }, engine);
    const queues = [open(), open()] as const;
    for (const queue of queues) await queue.list({ limit: 1 });
    const submit = async (id: string, count: number) => {
      const started = performance.now();
      await queues[0].submit(testJob(id, count, { chunkItems: 1, owner: id }));
      return Math.round(seconds(started) * 1000);
    };
    const submitted = await submit("warm", chunks);
    const rates: number[] = [];
    for (const count of [1, 2]) {
      if (count === 2) await submit("second", chunks);
      const started = performance.now();
      const done = await Promise.all(queues.slice(0, count).map(drain));
      rates.push(Math.round(done.reduce((sum, n) => sum + n, 0) / seconds(started)));
    }
    // claims of a short list queued after a long one
    await submit("long", 5 * chunks);
    await submit("short", 20);
    const started = performance.now();
    while ((await queues[0].get("short"))?.phase !== "COMPLETED") {
      const claim = await claimOf(queues[0]);
      if (claim === undefined) await setTimeout(10);
      else
        await queues[0].store(
          claim,
          claim.items.map(({ item }) => doneItem(item)),
          15_000,
        );
    }
    const behind = Math.round(seconds(started) * 1000);
    console.log(
      `${engine}: ${chunks} chunks submitted in ${submitted} ms; ${rates[0]} claimed and stored a second by one process, ${rates[1]} by two; ` +
        `20 behind ${5 * chunks} done in ${behind} ms`,
    );
    for (const queue of queues) await queue.close();
  }
} finally {
  await server.destroy();
}
