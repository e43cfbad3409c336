import type {
  Claim,
  ItemResult,
  Job,
  JobChange,
  JobItem,
  JobPhase,
  NewJob,
  PreparedJob,
  StoredResult,
} from "./job.ts";

/** Part of a sequence: what follows `after`, at most `limit`. */
export interface PageOptions {
  readonly after?: number;
  readonly limit: number;
}

/** Which jobs to list, oldest first. */
export interface JobFilter {
  readonly kind?: string;
  readonly owner?: string;
  readonly phases?: readonly JobPhase[];
  /** Created after this time, milliseconds since 1970. */
  readonly createdAfter?: number;
  readonly limit: number;
  /** Whether to list the newest of more than `limit`; defaults to the oldest. */
  readonly newest?: boolean;
}

/**
 * Jobs and their results in a database, for the routes. All errors of the database are
 * JOBS_UNAVAILABLE.
 */
export interface JobStore {
  /**
   * Stores a job, or resumes the one with this id: an aborted or failed job is queued again, for
   * its missing items only; the others are left as they are. Errors: TOO_MANY_JOBS.
   */
  submit(job: NewJob): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  /** Stores a job that its client has not finished describing. Errors: TOO_MANY_JOBS. */
  prepare(job: PreparedJob): Promise<Job>;
  /**
   * Changes a job: `change` decides by its current state, in a transaction; if it throws, nothing
   * is changed, and the error is passed on. Undefined if there is no such job.
   */
  amend(id: string, change: (job: Job) => JobChange): Promise<Job | undefined>;
  /** Phases of jobs, without those that do not exist. */
  phases(ids: readonly string[]): Promise<ReadonlyMap<string, JobPhase>>;
  get(id: string): Promise<Job | undefined>;
  list(filter: JobFilter): Promise<readonly Job[]>;
  /** Items in order; `after` is a position, and defaults to the beginning. */
  items(id: string, page: PageOptions): Promise<readonly JobItem[]>;
  /** Results in the order of their items; `after` is a position, and defaults to the beginning. */
  results(id: string, page: PageOptions): Promise<readonly StoredResult[]>;
  /** Number of failed results whose value has this status, without reading them. */
  failedWith(id: string, status: string): Promise<number>;
  /** Results in the order in which they were stored; `after` is a sequence number (0: all). */
  events(id: string, page: PageOptions): Promise<readonly StoredResult[]>;
  /**
   * Ends a job: its running chunks stop within 2 seconds. Results are kept. Undefined if there is
   * no such job; one that has ended is left as it is.
   */
  abort(id: string): Promise<Job | undefined>;
  /** Deletes a job with its results; running chunks stop within 2 s. False if there is none. */
  destroy(id: string): Promise<boolean>;
  /**
   * Queues failed items again that may succeed, or those named (positions from 0), and chunks that
   * were given up. Undefined if there is no such job.
   */
  retry(id: string, items?: readonly number[]): Promise<Job | undefined>;
  close(): Promise<void>;
}

/** What the runner needs in addition. */
export interface JobQueue extends JobStore {
  /**
   * Whether there is a database yet: a service without jobs creates none. Never throws.
   */
  exists(): boolean;
  /** Calls `listener` whenever this process has queued something. */
  onQueued(listener: () => void): void;
  /** Claims a chunk; undefined if nothing is waiting. `node` names the process, for people. */
  claim(node: string, options: ClaimOptions): Promise<Claim | undefined>;
  /** Extends a claim; false when it is lost or the job has ended, so its work must stop. */
  renew(claim: Claim, leaseMs: number): Promise<boolean>;
  /**
   * Stores results and extends the claim; false when it is lost, and then nothing is stored. An
   * item that has a result keeps it.
   */
  store(claim: Claim, results: readonly ItemResult[], leaseMs: number): Promise<boolean>;
  /** Returns a claim: its missing items may be claimed at once; the attempt does not count. */
  release(claim: Claim): Promise<void>;
  /**
   * Returns a claim after a fault of the service. Its chunk is claimed again after `backoffMs`, or
   * given up when `maximumAttempts` are used up: the job then ends with phase ERROR.
   */
  fail(claim: Claim, fault: JobFault): Promise<void>;
  /** Deletes jobs whose destruction time has passed; returns their number. */
  sweep(): Promise<number>;
}

/** How chunks are claimed. */
export interface ClaimOptions {
  /**
   * Milliseconds after which others may claim a chunk that is neither renewed nor stored to;
   * pg-boss waits for its heartbeats in addition.
   */
  readonly leaseMs: number;
  /** Kinds of jobs that the process can run. */
  readonly kinds: readonly string[];
  /** Number of claims without progress after which a chunk is given up. */
  readonly maximumAttempts: number;
}

/** Why a chunk could not be run. */
export interface JobFault {
  readonly code: string;
  /** A sentence for clients. */
  readonly detail: string;
  readonly backoffMs: number;
  readonly maximumAttempts: number;
}
