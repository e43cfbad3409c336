import { asJson, type JobItem } from "../jobs/job.ts";
import type { JobHandler } from "../jobs/job-runner.ts";
import type { BatchOptions } from "./batch-request.ts";
import { makeRow, type RowTools } from "./make/make-row.ts";
import { storedRow } from "./row-text.ts";

/** The kind of batch jobs. */
export const BATCH_KIND = "batch";

/** The request that the job of a batch stores. */
export interface BatchJob {
  readonly target: string | null;
  readonly form: string;
  readonly notes: readonly string[];
  readonly options: BatchOptions;
}

/**
 * Rows in progress at a time: one is stored and its pixels are analyzed while the next one is in a
 * thread.
 */
const LANES = 2;

/** The handler that makes the rows of batches, in order. */
export function batchHandler(tools: RowTools): JobHandler {
  return async ({ job, items, turn, report }, signal) => {
    const { options } = job.request as unknown as BatchJob;
    const waiting = items[Symbol.iterator]();
    const make = async ({ item, value }: JobItem) => {
      const row = storedRow(value);
      const made = await makeRow(row, options, tools, { signal, client: job.owner, background: true });
      await report({
        item,
        outcome: made.row.status === "done" ? "done" : "failed",
        isRetryable: made.isRetryable,
        bytes: made.bytes,
        value: asJson(made.row),
      });
    };
    let isOver = false;
    const lane = async () => {
      try {
        for (let next = waiting.next(); !isOver && next.done !== true; next = waiting.next()) {
          await turn();
          await make(next.value);
        }
      } finally {
        isOver = true;
      }
    };
    // a chunk is returned only when none of its rows is in progress
    const ended = await Promise.allSettled(Array.from({ length: LANES }, lane));
    for (const end of ended) if (end.status === "rejected") throw end.reason;
  };
}
