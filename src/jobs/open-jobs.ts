import type { JobSettings } from "../config/settings-groups.ts";
import { PostgresJobs } from "./engines/postgres-jobs.ts";
import { SqlJobs } from "./engines/sql-jobs.ts";
import { SqliteJobs } from "./engines/sqlite-jobs.ts";
import type { JobQueue } from "./job-store.ts";

/**
 * The jobs in a database, which is opened when it is first needed, and created by the first job.
 */
export function openJobs({ database: where }: Pick<JobSettings, "database">): JobQueue {
  return new SqlJobs(isServer(where) ? new PostgresJobs(where) : new SqliteJobs(where));
}

function isServer(where: string): boolean {
  return /^postgres(ql)?:\/\//.test(where);
}
