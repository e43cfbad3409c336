/** What JSON can express; jobs, their items and results are stored as such. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Plain data as JSON. */
export function asJson(value: object): Json {
  return value as unknown as Json;
}

/**
 * Phases of a job (IVOA UWS 1.1, section 2.1.3): those that this service uses. PENDING jobs wait
 * for their client; COMPLETED with failed items is the normal end; ERROR means that some items were
 * given up, or that a prepared job was refused.
 */
export type JobPhase = "PENDING" | "QUEUED" | "EXECUTING" | "COMPLETED" | "ERROR" | "ABORTED";

/** Phases of jobs that have ended. */
export const ENDED_PHASES: readonly JobPhase[] = ["COMPLETED", "ERROR", "ABORTED"];

/** Items that were already serialized as JSON. */
export class WrittenItems {
  readonly texts: readonly string[];

  constructor(texts: readonly string[]) {
    this.texts = texts;
  }

  get length(): number {
    return this.texts.length;
  }
}

/** A job to be stored. */
export interface NewJob {
  /** Hash of the canonical request: submitting the same request again resumes the job. */
  readonly id: string;
  /**
   * Names the handler, such as `batch`, and the form of the request: one that the version before
   * would misread needs another kind, so that its processes leave the job to others.
   */
  readonly kind: string;
  /** The client; owners take turns. */
  readonly owner: string;
  /** The client's own name of the job (UWS RUNID). */
  readonly runId?: string;
  /** The request itself. It is planned when the job runs, so a newer version can run it. */
  readonly request: Json;
  /** The work, one result per item; neighboring items are run together. */
  readonly items: readonly Json[] | WrittenItems;
  /** Items that are claimed together; defaults to 16. */
  readonly chunkItems?: number;
  /** Higher ones first; defaults to 0. */
  readonly priority?: number;
  /** Time until the job and its results are deleted, milliseconds. */
  readonly keepMs: number;
  /** Number of jobs that may be queued or executing at once; defaults to no limit. */
  readonly limits?: { readonly perOwner: number; readonly total: number };
}

/**
 * A job that its client has not finished describing: it is PENDING until a change adds its items.
 */
export interface PreparedJob {
  readonly id: string;
  readonly kind: string;
  readonly owner: string;
  readonly runId?: string;
  readonly request: Json;
  readonly keepMs: number;
  /** How long it may run before it is aborted, milliseconds. */
  readonly executionMs: number;
  /** Number of unfinished jobs of this kind that an owner may have. */
  readonly perOwner: number;
}

/** A change of a stored job. */
export interface JobChange {
  readonly request?: Json;
  /** Milliseconds since 1970. */
  readonly destruction?: number;
  readonly executionMs?: number;
  /** Queues a PENDING job with these items. */
  readonly items?: readonly Json[];
  /** Ends a PENDING job, whose request is wrong. */
  readonly error?: { readonly code: string; readonly detail: string };
}

/** A stored job. Times are milliseconds since 1970. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly owner: string;
  readonly runId: string | null;
  readonly request: Json;
  readonly phase: JobPhase;
  readonly priority: number;
  readonly created: number;
  readonly started: number | null;
  readonly ended: number | null;
  /** When it will be deleted. */
  readonly destruction: number;
  /** How long it may run before it is aborted, milliseconds; 0: without limit. */
  readonly executionMs: number;
  /** Number of items, of those with a result, and of those whose result is a failure. */
  readonly items: number;
  readonly done: number;
  readonly failed: number;
  /** Sum of the results' bytes. */
  readonly bytes: number;
  /** Sequence number of the latest result; 0 without any. */
  readonly sequence: number;
  /** Why items were given up: the code of an error, and a sentence for clients. */
  readonly error: { readonly code: string; readonly detail: string } | null;
}

/** The result of one item, as a handler reports it. */
export interface ItemResult {
  /** Position of the item in `NewJob.items`, from 0. */
  readonly item: number;
  readonly outcome: "done" | "failed";
  /** Whether `retry` runs a failed item again. */
  readonly isRetryable?: boolean;
  /** Size of what was made, bytes. */
  readonly bytes: number;
  readonly value: Json;
}

/** A stored result. */
export interface StoredResult extends ItemResult {
  readonly isRetryable: boolean;
  /** Order in which the results of a job were stored, from 1. Gaps are left by `retry`. */
  readonly sequence: number;
}

/** An item with its position, from 0. */
export interface JobItem {
  readonly item: number;
  readonly value: Json;
}

/** A chunk of a job that one worker has claimed; it stays claimed until its lease ends. */
export interface Claim {
  readonly job: Job;
  readonly chunk: number;
  /** Identifies this claim: once another worker claims the chunk, nothing can be stored with it. */
  readonly token: string;
  /** Number of claims since the chunk last progressed, this one included. */
  readonly attempts: number;
  /** The items that have no result yet. */
  readonly items: readonly JobItem[];
}
