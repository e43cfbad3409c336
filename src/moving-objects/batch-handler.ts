import type { Json } from "../jobs/job.ts";
import type { JobHandler } from "../jobs/job-handler.ts";
import type { BatchOptions } from "./batch-request.ts";
import { makeRow, type RowTools } from "./make-row.ts";
import type { ObjectRow } from "./object-row.ts";

/** Kind of the jobs of batches. */
export const BATCH_KIND = "batch";

/** What the job of a batch stores as its request. */
export interface BatchJob {
  readonly target: string | null;
  readonly form: string;
  readonly notes: readonly string[];
  readonly options: BatchOptions;
}

/** Plain data as the jobs store it. */
export function asJson(value: object): Json {
  return value as unknown as Json;
}

/** The handler that makes the rows of batches, one after another. */
export function batchHandler(tools: RowTools): JobHandler {
  return async ({ job, items, turn, report }, signal) => {
    const { options } = job.request as unknown as BatchJob;
    for (const { item, value } of items) {
      await turn();
      const row = value as unknown as ObjectRow;
      const made = await makeRow(row, options, tools, { signal, client: job.owner });
      await report({
        item,
        outcome: made.row.status === "done" ? "done" : "failed",
        isRetryable: made.isRetryable,
        bytes: made.bytes,
        value: asJson(made.row),
      });
    }
  };
}
