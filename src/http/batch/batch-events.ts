import { setTimeout as pause } from "node:timers/promises";
import type { Job, StoredResult } from "../../jobs/job.ts";
import { ENDED_PHASES } from "../../jobs/job.ts";
import type { JobStore } from "../../jobs/job-store.ts";

/** How a stream of events is paced, milliseconds. */
interface EventPace {
  /** Before the next poll; doubled while nothing happens, up to a second. */
  readonly pollMs: number;
  /** A comment is sent after this time without events, so that no proxy gives up. */
  readonly commentMs: number;
}

const EVENT_PACE: EventPace = { pollMs: 20, commentMs: 15_000 };
const LONGEST_POLL_MS = 1_000;
/** Before the second poll of a batch that has no row yet: its client waits for the first one. */
const FIRST_POLL_MS = 4;
/** Results that are read at once. */
const PAGE = 200;

/**
 * One event in the form of a stream (HTML Living Standard, 9.2.5); the data are one line of JSON.
 */
function eventText(event: string, data: unknown, id?: number): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * The sequence number in Last-Event-ID; 0, for all events, when it is not one of the job's: a batch
 * that was deleted and posted again starts over.
 */
export function lastEvent(
  header: string | readonly string[] | undefined,
  { sequence }: Pick<Job, "sequence">,
): number {
  const text = [header ?? ""].flat().join();
  const last = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return last > sequence ? 0 : last;
}

/** What the events of a batch are made from. */
export interface EventParts {
  readonly jobs: JobStore;
  readonly job: Job;
  /** Sequence number of the last event that the client has. */
  readonly after: number;
  /** The value of a result as clients see it. */
  readonly rowOf: (result: StoredResult) => unknown;
  /** Links of what can be fetched at the end, by kind. */
  readonly products: Readonly<Record<string, string>>;
  /** Whether to end, so that the client connects again. */
  readonly isEnding: () => boolean;
  readonly signal: AbortSignal;
  readonly pace?: EventPace;
}

/**
 * The events of a batch until it ends: `row` with each result, its sequence number as id, in the
 * order in which they were stored; `progress` after each group of rows; `product` for each file and
 * `end` at the end. A client that reconnects with the last id misses nothing and gets nothing
 * twice. Errors: JOBS_UNAVAILABLE.
 */
export async function* batchEvents(parts: EventParts): AsyncGenerator<string> {
  const { jobs, rowOf, isEnding, signal, pace = EVENT_PACE } = parts;
  const { id } = parts.job;
  let { after } = parts;
  let poll = parts.job.sequence === 0 ? Math.min(FIRST_POLL_MS, pace.pollMs) : pace.pollMs;
  let sent = performance.now();
  yield `retry: ${LONGEST_POLL_MS}\n\n${eventText("progress", progressOf(parts.job))}`;
  while (!signal.aborted && !isEnding()) {
    // the job first: what it counts has been stored when the results are read
    const job = await jobs.get(id);
    if (job === undefined) return yield eventText("end", { id, phase: "ABORTED" });
    const results = await jobs.events(id, { after, limit: PAGE });
    if (results.length > 0) {
      after = results.at(-1)!.sequence;
      const rows = results.map((result) => eventText("row", rowOf(result), result.sequence));
      yield `${rows.join("")}${eventText("progress", progressOf(job))}`;
      sent = performance.now();
      poll = pace.pollMs;
      continue;
    }
    if (ENDED_PHASES.includes(job.phase)) {
      // the archive of an incomplete batch is refused
      const products = Object.entries(parts.products)
        .filter(([kind]) => kind !== "files" || job.done === job.items)
        .map(([kind, url]) => eventText("product", { kind, url }));
      return yield `${products.join("")}${eventText("end", progressOf(job))}`;
    }
    if (performance.now() - sent >= pace.commentMs) {
      yield ": still running\n\n";
      sent = performance.now();
    }
    await pause(poll, undefined, { signal }).catch(() => undefined);
    poll = Math.min(2 * poll, LONGEST_POLL_MS);
  }
}

function progressOf({ id, phase, items, done, failed, bytes }: Job) {
  return { id, phase, total: items, done, failed, bytes };
}
