import { SisError } from "../../errors/sis-error.ts";

/** A value of a parameter or a column. */
export type SqlValue = string | number | null;

/** A row as the driver returns it; PostgreSQL returns integers of 64 bits as text. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Runs a statement with its parameters, which are written `$1`, `$2` and so on. */
export type Query = (text: string, values?: readonly SqlValue[]) => Promise<readonly SqlRow[]>;

/** What the SQL of jobs needs of a database engine. */
export interface JobsDatabase {
  /** The database's own time, milliseconds since 1970. */
  readonly now: string;
  /** Prefix of table names. */
  readonly schema: string;
  /** Locks rows of a subquery, and skips those that others have locked. */
  readonly skipLocked: string;
  /** Locks a selected row until the end of the transaction. */
  readonly forUpdate: string;
  /** The first statement of a transaction that only one process may run at a time. */
  readonly alone: string | undefined;
  /** A subquery of the whole numbers in a JSON array, which is passed as `parameter`. */
  integersIn(parameter: string): string;
  /** The text under a key of the JSON object in a column; null if there is none. */
  textOf(column: string, key: string): string;
  /** Whether the database exists; checked so that reading does not create it. */
  exists(): boolean;
  /**
   * Runs `work` in one transaction, which other writers wait for; creates the database and its
   * tables if necessary. Errors: JOBS_UNAVAILABLE; those of `work`, and then nothing is changed.
   */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** Like `transaction`, for work that only reads; writers do not wait for it. */
  snapshot<T>(work: (query: Query) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The error of a database of jobs that cannot be used. */
export function jobsUnavailable(cause: unknown): SisError<"JOBS_UNAVAILABLE"> {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new SisError("JOBS_UNAVAILABLE", `the database of jobs cannot be used: ${reason}`, { cause });
}
