import { SisError } from "../../errors/sis-error.ts";
import type { Job } from "../../jobs/job.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { BATCH_KIND, type BatchJob } from "../../moving-objects/batch-handler.ts";
import { BATCH_ID_PATTERN, type BatchOptions } from "../../moving-objects/batch-request.ts";
import type { BatchRow } from "../../moving-objects/batch-row.ts";
import { emptyBatchRow } from "../../moving-objects/make/row-facts.ts";
import { type RowRequest, rowRequests } from "../../moving-objects/make/row-products.ts";
import type { ObjectRow } from "../../moving-objects/object-row.ts";
import { storedRow } from "../../moving-objects/row-text.ts";
import { hasEnded } from "./batch-status.ts";

const ID = new RegExp(BATCH_ID_PATTERN);

/** Results read at once. */
const PAGE = 1000;

/** The job of a batch. Errors: JOB_NOT_FOUND, JOBS_UNAVAILABLE. */
export async function batchJob(jobs: JobStore, id: string): Promise<Job> {
  const job = ID.test(id) ? await jobs.get(id) : undefined;
  if (job?.kind !== BATCH_KIND) {
    throw new SisError("JOB_NOT_FOUND", "There is no batch with this id; it may have expired.");
  }
  return job;
}

async function paged<T extends { readonly item: number }>(
  read: (after: number, limit: number) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let after = -1; ; after = all.at(-1)!.item) {
    const page = await read(after, PAGE);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** The results of a batch so far, in the order of the list. Errors: JOBS_UNAVAILABLE. */
async function batchRows(jobs: JobStore, id: string): Promise<readonly BatchRow[]> {
  const results = await paged((after, limit) => jobs.results(id, { after, limit }));
  return results.map(({ value }) => value as unknown as BatchRow).sort((a, b) => a.n - b.n);
}

/** The rows of the list, in the order in which they are made. Errors: JOBS_UNAVAILABLE. */
export async function batchItems(jobs: JobStore, id: string): Promise<readonly ObjectRow[]> {
  const items = await paged((after, limit) => jobs.items(id, { after, limit }));
  return items.map(({ value }) => storedRow(value));
}

/**
 * The manifest of a batch in the order of the list: the rows that have a result and, when it has
 * ended, also those that were not started. Errors: JOBS_UNAVAILABLE.
 */
export async function manifestRows(jobs: JobStore, job: Job): Promise<readonly BatchRow[]> {
  const made = await batchRows(jobs, job.id);
  if (!hasEnded(job) || made.length === job.items) return made;
  const known = new Set(made.map(({ n }) => n));
  const others = (await batchItems(jobs, job.id)).filter(({ n }) => !known.has(n));
  return [...made, ...others.map((row) => emptyBatchRow(row))].sort((a, b) => a.n - b.n);
}

/**
 * Rows with an image and a position in the order in which Compare shows them: by time, then as in
 * the list (page/compare/compare-state.ts). Only the first thousand rows are read. Empty if there
 * is no such batch. Errors: JOBS_UNAVAILABLE.
 */
export async function comparedRows(jobs: JobStore, id: string) {
  if (!ID.test(id)) return [];
  const results = await jobs.results(id, { limit: PAGE });
  return results
    .map(({ value }) => value as unknown as BatchRow)
    .flatMap(({ n, code, obs_id: obsId, ra, dec, ra_given, dec_given, mid_mjd, dt_s }) => {
      const place = ra_given === null || dec_given === null ? { ra, dec } : { ra: ra_given, dec: dec_given };
      if (obsId === null || place.ra === null || place.dec === null || code !== null) return [];
      const time = mid_mjd === null ? 0 : mid_mjd + (dt_s ?? 0) / 86_400;
      return [{ n, obsId, ra: place.ra, dec: place.dec, time }];
    })
    .sort((a, b) => a.time - b.time || a.n - b.n);
}

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

/** The requests from which a row was made, with other options if given. */
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
