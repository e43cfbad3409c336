/** Phases of jobs (IVOA REC-UWS-1.1, 2.1.3) that this package writes. */
export const UWS_PHASES = ["PENDING", "QUEUED", "EXECUTING", "COMPLETED", "ERROR", "ABORTED"] as const;

export type UwsPhase = (typeof UWS_PHASES)[number];

/** Phases in which clients may wait for a change (UWS 1.1, 2.2.1.1). */
export const ACTIVE_PHASES: readonly UwsPhase[] = ["PENDING", "QUEUED", "EXECUTING"];

/** A job as a list shows it. Times are milliseconds since 1970. */
export interface UwsJobReference {
  readonly id: string;
  readonly href: string;
  readonly phase: UwsPhase;
  readonly runId: string | null;
  readonly created: number;
}

/** A result of a job: a file to fetch. */
export interface UwsResult {
  readonly id: string;
  readonly href: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

/** A job. */
export interface UwsJob extends Omit<UwsJobReference, "href"> {
  readonly started: number | null;
  readonly ended: number | null;
  /** Seconds after which it is aborted. */
  readonly executionSeconds: number;
  readonly destruction: number;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly results: readonly UwsResult[];
  /** Why the job failed. */
  readonly error: string | null;
}
