import { isSisError, SisError, statusOf } from "../../errors/sis-error.ts";
import type { Job } from "../../jobs/job.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { isFault } from "../../moving-objects/make/make-row.ts";
import type { ProductService } from "../../products/product.ts";
import { batchItems, type ListedRow, listedRequests } from "./batch-rows.ts";
import type { PartOptions } from "./product-part.ts";

/** Rows that are checked at a time. */
const AT_A_TIME = 8;
/** Maximum number of rows that an error names. */
const NAMED = 20;

/**
 * Numbers of the rows whose frame is no longer the one that they were made from: replaced, moved or
 * gone. A frame whose archive does not respond counts as unchanged.
 * Errors: JOBS_UNAVAILABLE; faults of the service.
 */
export async function changedRows(
  job: Job,
  listed: readonly ListedRow[],
  products: ProductService,
  options: PartOptions,
): Promise<readonly number[]> {
  const waiting = listed[Symbol.iterator]();
  const changed: number[] = [];
  const look = async () => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
      if (await isChanged(next.value, job, products, options)) changed.push(next.value.row.n);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, look));
  return changed.sort((a, b) => a - b);
}

async function isChanged(
  one: ListedRow,
  job: Job,
  products: ProductService,
  options: PartOptions,
): Promise<boolean> {
  const requests = listedRequests(one, job);
  for (const { format, etag } of one.row.products) {
    const request = requests.find((made) => made.format === format)?.request;
    try {
      const tag = request && (await products.tagOf?.(request, options));
      if (tag !== undefined && tag !== etag) return true;
    } catch (error) {
      if (!isSisError(error) || isFault(error)) throw error;
      if (statusOf(error) < 500) return true;
    }
  }
  return false;
}

/** Errors: ROWS_CHANGED when there are any. */
export function refuseChanged(rows: readonly number[]): void {
  if (rows.length === 0) return;
  const named = rows.slice(0, NAMED);
  const more = rows.length > NAMED ? ", ..." : "";
  throw new SisError(
    "ROWS_CHANGED",
    `The frames of ${rows.length} rows have changed since they were made: ${named.join(", ")}${more}. POST to /batch/{id}/retry makes them again.`,
    { details: { rows: named } },
  );
}

/** Queues rows again. Errors: JOBS_UNAVAILABLE. */
export async function makeAgain(job: Job, jobs: JobStore, rows: readonly number[]): Promise<Job> {
  if (rows.length === 0) return job;
  const wanted = new Set(rows);
  const items = await batchItems(jobs, job.id);
  const places = items.flatMap(({ n }, place) => (wanted.has(n) ? [place] : []));
  return (await jobs.retry(job.id, places)) ?? job;
}
