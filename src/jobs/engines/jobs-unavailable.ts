import { SisError } from "../../errors/sis-error.ts";

/** The error of a database of jobs that cannot be used. */
export function jobsUnavailable(cause: unknown): SisError<"JOBS_UNAVAILABLE"> {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new SisError("JOBS_UNAVAILABLE", `the database of jobs cannot be used: ${reason}`, { cause });
}
