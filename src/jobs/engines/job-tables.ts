import type { JobsDatabase, Query } from "./jobs-database.ts";

/**
 * A step of the schema; each is applied once, in order, in one transaction. Programs of tables
 * before it refuse them, unless its row in sbnsis_jobs_schema has the oldest version whose programs
 * can use them, in a column `oldest`.
 */
interface JobMigration {
  readonly version: number;
  readonly title: string;
  readonly up: (schema: string) => readonly string[];
}

/**
 * The tables of jobs, the same on SQLite and PostgreSQL. Times are milliseconds since 1970. JSON is
 * text, which is returned as it was stored.
 */
const MIGRATIONS: readonly JobMigration[] = [
  {
    version: 1,
    title: "jobs, their chunks and the results of their items",
    up: (schema) => [
      `CREATE TABLE ${schema}job (
        id VARCHAR NOT NULL PRIMARY KEY,
        kind VARCHAR NOT NULL,
        owner VARCHAR NOT NULL,
        run_id VARCHAR,
        request TEXT NOT NULL,
        phase VARCHAR NOT NULL,
        priority INTEGER NOT NULL,
        created BIGINT NOT NULL,
        started BIGINT,
        ended BIGINT,
        destruction BIGINT NOT NULL,
        claimed BIGINT NOT NULL DEFAULT 0,
        items INTEGER NOT NULL,
        done INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        bytes BIGINT NOT NULL DEFAULT 0,
        sequence INTEGER NOT NULL DEFAULT 0,
        error_code VARCHAR,
        error_text VARCHAR
      )`,
      `CREATE INDEX ix_job_owner ON ${schema}job (owner, created)`,
      `CREATE INDEX ix_job_phase ON ${schema}job (phase)`,
      `CREATE INDEX ix_job_destruction ON ${schema}job (destruction)`,
      // `ready`: when the chunk may be claimed; of a running one, the end of its lease
      `CREATE TABLE ${schema}chunk (
        job VARCHAR NOT NULL,
        n INTEGER NOT NULL,
        first INTEGER NOT NULL,
        count INTEGER NOT NULL,
        items TEXT NOT NULL,
        state VARCHAR NOT NULL,
        missing INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        ready BIGINT NOT NULL DEFAULT 0,
        node VARCHAR,
        token VARCHAR,
        PRIMARY KEY (job, n)
      )`,
      `CREATE INDEX ix_chunk_open ON ${schema}chunk (job, n) WHERE state IN ('waiting', 'running')`,
      `CREATE TABLE ${schema}result (
        job VARCHAR NOT NULL,
        item INTEGER NOT NULL,
        chunk INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        outcome VARCHAR NOT NULL,
        retryable INTEGER NOT NULL,
        bytes BIGINT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (job, item)
      )`,
      `CREATE UNIQUE INDEX ix_result_sequence ON ${schema}result (job, sequence)`,
    ],
  },
  {
    version: 2,
    title: "how long a job may run",
    up: (schema) => [`ALTER TABLE ${schema}job ADD COLUMN execution_ms BIGINT NOT NULL DEFAULT 0`],
  },
];

const LATEST = MIGRATIONS.at(-1)?.version ?? 0;

/**
 * Brings the tables up to date, in a transaction of the caller. Throws a plain error for tables of
 * a newer version, unless that says that this one can use them too.
 */
export async function migrateJobs(query: Query, { schema }: Pick<JobsDatabase, "schema">): Promise<void> {
  await query(
    `CREATE TABLE IF NOT EXISTS ${schema}sbnsis_jobs_schema (version INTEGER NOT NULL PRIMARY KEY)`,
  );
  const version = await jobsVersion(query, schema);
  if (!(await canUse(query, schema, version)))
    throw new Error(`its tables are of version ${version}, newer than ${LATEST}`);
  for (const step of MIGRATIONS.filter((step) => step.version > version)) {
    for (const statement of step.up(schema)) await query(statement);
    await query(`INSERT INTO ${schema}sbnsis_jobs_schema (version) VALUES ($1)`, [step.version]);
  }
}

/** Whether the tables need no step and can be used; fails when there are none. */
export async function isCurrent(query: Query, schema: string): Promise<boolean> {
  const version = await jobsVersion(query, schema);
  return version >= LATEST && (await canUse(query, schema, version));
}

/** Whether this version of the service can use tables of a version. */
async function canUse(query: Query, schema: string, version: number): Promise<boolean> {
  if (version <= LATEST) return true;
  const steps = await query(`SELECT * FROM ${schema}sbnsis_jobs_schema WHERE version > $1`, [LATEST]);
  return steps.every(({ oldest }) => oldest !== undefined && oldest !== null && Number(oldest) <= LATEST);
}

async function jobsVersion(query: Query, schema: string): Promise<number> {
  const [row] = await query(`SELECT max(version) AS version FROM ${schema}sbnsis_jobs_schema`);
  return Number(row?.version ?? 0);
}
