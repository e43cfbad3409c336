import type { ItemResult, Job, JobItem } from "./job.ts";

/** One chunk of a job, for a handler. */
interface ChunkWork {
  readonly job: Job;
  /** The items without a result. */
  readonly items: readonly JobItem[];
  /**
   * Waits until no single request needs the threads. To be awaited before each product. Errors:
   * CANCELLED.
   */
  turn(): Promise<void>;
  /**
   * Stores the result of an item; resolves when it is stored. Errors: CANCELLED when the claim is
   * lost or the job was aborted.
   */
  report(result: ItemResult): Promise<void>;
}

/**
 * Runs the items of a kind of job, one after the other, and reports each as it is finished. An item
 * that fails is a result; only faults of the service itself are thrown, and the rest of the chunk
 * is then tried again later. Stops soon after `signal` is aborted.
 */
export type JobHandler = (work: ChunkWork, signal: AbortSignal) => Promise<void>;

/** Handlers by the kinds of their jobs. */
export type JobHandlers = Readonly<Record<string, JobHandler>>;
