import { appendFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { JobRunner } from "../../../dist/jobs/job-runner.js";
import { openJobs } from "../../../dist/jobs/open-jobs.js";

// A real runner over a real database: items of kind "test" take `ms` milliseconds each. Writes a
// line `start PID ITEM` before each item, and `stopped PID` when a signal ends one.
const [database = "", leaseMs = "", log = "", engine] = process.argv.slice(2);
const queue = openJobs({ database }, engine);
const runner = new JobRunner({
  queue,
  node: `process ${process.pid}`,
  leaseMs: Number(leaseMs),
  warn: (warning) => appendFileSync(log, `warning ${warning}\n`),
  handlers: {
    test: async ({ items, turn, report }, signal) => {
      for (const { item, value } of items) {
        await turn();
        appendFileSync(log, `start ${process.pid} ${item}\n`);
        const { ms = 0 } = value;
        await setTimeout(ms, undefined, { signal }).catch((error) => {
          appendFileSync(log, `stopped ${process.pid}\n`);
          throw error;
        });
        await report({ item, outcome: "done", bytes: 1, value: { by: process.pid } });
      }
    },
  },
});
runner.start();
process.once("SIGTERM", async () => {
  await runner.drain();
  await queue.close();
  process.exit(0);
});
