import type { Job } from "../../jobs/job.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import type { BatchJob } from "../../moving-objects/batch-handler.ts";
import type { BatchOptions } from "../../moving-objects/batch-request.ts";
import type { BatchRow } from "../../moving-objects/batch-row.ts";
import type { ObjectRow } from "../../moving-objects/object-row.ts";
import { type RowRequest, rowRequests } from "../../moving-objects/row-products.ts";
import { batchItems, manifestRows } from "./batch-rows.ts";

/** A row of the manifest with the row of the list that it comes from. */
export interface ListedRow {
  readonly row: BatchRow;
  readonly item: ObjectRow | undefined;
}

/** The rows in the order of the list. Errors: JOBS_UNAVAILABLE. */
export async function listedRows(job: Job, jobs: JobStore): Promise<readonly ListedRow[]> {
  const rows = await manifestRows(jobs, job);
  const items = new Map((await batchItems(jobs, job.id)).map((item) => [item.n, item]));
  return rows.map((row) => ({ row, item: items.get(row.n) }));
}

/** The requests that a row was made with, with other options if given. */
export function listedRequests(
  { row, item }: ListedRow,
  job: Job,
  change: Partial<BatchOptions> = {},
): readonly RowRequest[] {
  if (item === undefined || item.code !== null) return [];
  const { ra, dec, exposure } = row;
  if (ra === null || dec === null) return [];
  const { options } = job.request as unknown as BatchJob;
  return rowRequests(item, { ...options, ...change }, { ra, dec, exposure });
}
