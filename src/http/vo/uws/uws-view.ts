import type { UwsJob, UwsJobReference, UwsResult } from "@sbnsis/vo";
import type { Job, StoredResult } from "../../../jobs/job.ts";
import type { JobStore } from "../../../jobs/job-store.ts";
import type { SodaJob, SodaResult } from "../../../soda/soda-job.ts";

/** A job has at most as many results as combinations. */
const MAXIMUM_RESULTS = 1000;

/** The address of a job; `asyncUrl` is that of the list. */
export function jobUrl(asyncUrl: string, id: string): string {
  return `${asyncUrl}/${id}`;
}

/** A job as a list shows it. */
export function jobReference(job: Job, asyncUrl: string): UwsJobReference {
  const { id, phase, runId, created } = job;
  return { id, phase, runId, created, href: jobUrl(asyncUrl, id) };
}

/** A job with its results so far. Errors: JOBS_UNAVAILABLE. */
export async function jobView(jobs: JobStore, job: Job, asyncUrl: string): Promise<UwsJob> {
  const { id, phase, runId, created, started, ended, destruction, executionMs, error } = job;
  return {
    id,
    phase,
    runId,
    created,
    started,
    ended,
    destruction,
    executionSeconds: Math.ceil(executionMs / 1000),
    parameters: parametersOf(job),
    results: await resultsOf(jobs, job, asyncUrl),
    error: error === null ? null : errorText(error),
  };
}

/** The parameters of a job as its client gave them. */
export function parametersOf({ request }: Job): UwsJob["parameters"] {
  return (request as unknown as SodaJob).parameters;
}

/** The content of the document /error; it begins with a code (DALI 1.1, 4.2). */
export function errorText({ code, detail }: NonNullable<Job["error"]>): string {
  return `${code === "VO_USAGE" ? "UsageError" : "Error"}: ${detail}`;
}

/** The results of a job so far. Errors: JOBS_UNAVAILABLE. */
export async function resultsOf(
  jobs: JobStore,
  { id }: Job,
  asyncUrl: string,
): Promise<readonly UwsResult[]> {
  const results = await jobs.results(id, { limit: MAXIMUM_RESULTS });
  return results.map(({ item, bytes, value }) => {
    const result = value as unknown as SodaResult;
    const name = resultName(item);
    return {
      id: name,
      href: `${jobUrl(asyncUrl, id)}/results/${name}`,
      mediaType: result.kind === "product" ? result.mediaType : "text/plain",
      size: bytes,
    };
  });
}

/** The result with a name; undefined if there is none. Errors: JOBS_UNAVAILABLE. */
export async function resultNamed(jobs: JobStore, id: string, name: string): Promise<SodaResult | undefined> {
  const number = /^cutout-(\d{4,9})$/.exec(name)?.[1];
  if (number === undefined || resultName(Number(number) - 1) !== name) return undefined;
  const item = Number(number) - 1;
  const found: readonly StoredResult[] = await jobs.results(id, { after: item - 1, limit: 1 });
  return found[0]?.item === item ? (found[0].value as unknown as SodaResult) : undefined;
}

/** Name of the result of an item, which is counted from 0. */
function resultName(item: number): string {
  return `cutout-${String(item + 1).padStart(4, "0")}`;
}
