import type { Settings } from "../config/settings.ts";
import { PostgresJobs } from "./engines/postgres-jobs.ts";
import { SqlJobs } from "./engines/sql-jobs.ts";
import { SqliteJobs } from "./engines/sqlite-jobs.ts";
import type { JobQueue } from "./job-store.ts";

/**
 * The jobs in SBNSIS_JOBS_DATABASE. The database is opened when it is first needed, and created by
 * the first job.
 */
export function openJobs({ SBNSIS_JOBS_DATABASE: where }: Pick<Settings, "SBNSIS_JOBS_DATABASE">): JobQueue {
  return new SqlJobs(isServer(where) ? new PostgresJobs(where) : new SqliteJobs(where));
}

function isServer(where: string): boolean {
  return /^postgres(ql)?:\/\//.test(where);
}
