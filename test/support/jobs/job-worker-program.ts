import { appendFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { JobRunner } from "../../../src/jobs/job-runner.ts";
import { type JobEngine, openJobs } from "../../../src/jobs/open-jobs.ts";

// A real runner over a real database: items of kind "test" take `ms` milliseconds each. Writes a
// line `start PID ITEM` before each item, and `stopped PID` when a signal ends one.
const [database = "", leaseMs = "", log = "", engine] = process.argv.slice(2);
const queue = openJobs({ database }, engine as JobEngine | undefined);
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
        const { ms = 0 } = value as { readonly ms?: number };
        await setTimeout(ms, undefined, { signal }).catch((error: unknown) => {
          appendFileSync(log, `stopped ${process.pid}\n`);
          throw error;
        });
        await report({ item, outcome: "done", bytes: 1, value: { by: process.pid } });
      }
    },
  },
});
runner.start();
process.once(
  "SIGTERM",
  () =>
    void runner
      .drain()
      .then(() => queue.close())
      .then(() => process.exit(0)),
);
