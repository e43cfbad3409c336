import type { JobSettings } from "../config/settings-groups.ts";
import { RowDelivery } from "./engines/chunk-delivery.ts";
import { PgBossDelivery } from "./engines/pg-boss-delivery.ts";
import { canRunPgBoss } from "./engines/pg-boss-library.ts";
import { PostgresJobs } from "./engines/postgres-jobs.ts";
import { SqlJobs } from "./engines/sql-jobs.ts";
import { SqliteJobs } from "./engines/sqlite-jobs.ts";
import type { JobQueue } from "./job-store.ts";

/** What delivers chunks to workers: pg-boss, or their own rows. */
export type JobEngine = "pg-boss" | "rows";

/**
 * The jobs in a database, which is opened when it is first needed, and created by the first job.
 * `engine` defaults to `engineOf`.
 */
export function openJobs(
  settings: Pick<JobSettings, "database"> & Partial<JobSettings>,
  engine: JobEngine = engineOf(settings),
): JobQueue {
  const { database: where, leaseSeconds } = settings;
  if (!isServer(where)) {
    const file = new SqliteJobs(where);
    return new SqlJobs(file, new RowDelivery(file));
  }
  if (engine === "rows") {
    const server = new PostgresJobs(where);
    return new SqlJobs(server, new RowDelivery(server));
  }
  const delivery = new PgBossDelivery(leaseSeconds);
  const server: PostgresJobs = new PostgresJobs(where, (connection) => delivery.start(server, connection));
  return new SqlJobs(server, delivery);
}

/** The engine of a database: pg-boss on PostgreSQL, if `node` (a version) can run it. */
export function engineOf(
  { database }: Pick<JobSettings, "database">,
  node = process.versions.node,
): JobEngine {
  return isServer(database) && canRunPgBoss(node) ? "pg-boss" : "rows";
}

/** A warning about the engine for the operator; undefined if there is none. */
export function engineWarning(settings: Pick<JobSettings, "database">, node = process.versions.node) {
  if (!isServer(settings.database) || engineOf(settings, node) === "pg-boss") return undefined;
  return `Node ${node} cannot run pg-boss, which needs 22.12: jobs are taken from the tables of jobs directly`;
}

function isServer(where: string): boolean {
  return /^postgres(ql)?:\/\//.test(where);
}
