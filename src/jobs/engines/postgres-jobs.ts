import type pg from "pg";
import { connectionPool } from "../../catalog/engines/postgres/connection-pool.ts";
import { isSisError } from "../../errors/sis-error.ts";
import { isCurrent, migrateJobs } from "./job-tables.ts";
import type { JobsDatabase, Query, SqlRow, SqlValue } from "./jobs-database.ts";
import { jobsUnavailable } from "./jobs-database.ts";
import type { BossDatabase } from "./pg-boss-library.ts";

const CONNECTIONS = 3;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 60_000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** A process that is frozen within a transaction loses its locks after this time, milliseconds. */
const FROZEN_TIMEOUT_MS = 5_000;
/** Key of the lock under which tables are created and jobs are submitted: "sbnsis" in ASCII. */
const LOCK = 0x7362_6e73_6973;
/** Key of the lock under which pg-boss creates its tables, and how long that may take. */
const BOSS_LOCK = LOCK + 1;
const BOSS_TIMEOUT_MS = 60_000;
/** SQLSTATE: deadlock, serialization failure. */
const CONFLICT = /^40(P01|001)$/;
const ATTEMPTS = 4;

/** Settings of each transaction: those of a connection do not pass through a pooler. */
const BEGIN = `begin; set local statement_timeout = ${STATEMENT_TIMEOUT_MS}; set local idle_in_transaction_session_timeout = ${FROZEN_TIMEOUT_MS}`;

/** The schema `sbnsis_jobs` of a PostgreSQL database, directly or through a pooler. */
export class PostgresJobs implements JobsDatabase {
  readonly now = "(extract(epoch from clock_timestamp()) * 1000)::bigint";
  readonly schema = "sbnsis_jobs.";
  readonly skipLocked = "for update skip locked";
  readonly forUpdate = "for update";
  readonly alone = `select pg_advisory_xact_lock(${LOCK})`;
  readonly #pool: pg.Pool;
  readonly #prepared: ((connection: BossDatabase) => Promise<void>) | undefined;
  #ready: Promise<void> | undefined;

  /**
   * Connects on the first statement; `prepared` is then called when the tables exist, before any
   * other statement, with a connection for statements that are transactions of their own.
   */
  constructor(url: string, prepared?: (connection: BossDatabase) => Promise<void>) {
    this.#prepared = prepared;
    this.#pool = connectionPool({
      connectionString: url,
      application_name: "sbnsis-jobs",
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS + CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
  }

  integersIn(parameter: string): string {
    return `(select value::integer from json_array_elements_text(${parameter}::json))`;
  }

  textOf(column: string, key: string): string {
    return `(${column}::json ->> '${key}')`;
  }

  exists(): boolean {
    return true;
  }

  async transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    try {
      this.#ready ??= this.#prepare();
      await this.#ready.catch((error: unknown) => {
        this.#ready = undefined;
        throw error;
      });
      return await this.#run(work);
    } catch (error) {
      if (isSisError(error)) throw error;
      // tables that somebody dropped are created again
      if (/^(42P01|3F000)$/.test((error as { readonly code?: string }).code ?? "")) this.#ready = undefined;
      throw jobsUnavailable(error);
    }
  }

  snapshot<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.transaction(work);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** Creates the tables. A user without permission to do so can use existing ones. */
  async #prepare(): Promise<void> {
    const current = await this.#run((query) => isCurrent(query, this.schema)).catch((error: unknown) => {
      if (/^(42P01|3F000)$/.test((error as { readonly code?: string }).code ?? "")) return false;
      throw error;
    });
    if (!current) {
      await this.#run(async (query) => {
        await query(this.alone);
        await query("CREATE SCHEMA IF NOT EXISTS sbnsis_jobs");
        await migrateJobs(query, this);
      });
    }
    const prepared = this.#prepared;
    if (prepared === undefined) return;
    // processes that start together would all create the schema of pg-boss, and all but one fail
    await this.#run(async (query) => {
      await query(`set local idle_in_transaction_session_timeout = ${BOSS_TIMEOUT_MS}`);
      await query(`select pg_advisory_xact_lock(${BOSS_LOCK})`);
      await prepared({ executeSql: (text, values) => this.#pool.query(text, values) });
    });
  }

  /** A transaction that conflicts with another one is repeated. */
  async #run<T>(work: (query: Query) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const client = await this.#pool.connect();
      let broken: Error | undefined;
      try {
        await client.query(BEGIN);
        const result = await work((text, values = []) => rowsOf(client, text, values));
        await client.query("commit");
        return result;
      } catch (error) {
        await client.query("rollback").catch((lost: Error) => {
          broken = lost;
        });
        const code = (error as { readonly code?: string }).code ?? "";
        if (attempt >= ATTEMPTS || !CONFLICT.test(code)) throw error;
      } finally {
        client.release(broken);
      }
    }
  }
}

async function rowsOf(
  client: pg.PoolClient,
  text: string,
  values: readonly SqlValue[],
): Promise<readonly SqlRow[]> {
  const { rows } = await client.query<Record<string, SqlValue>>(text, [...values]);
  return rows;
}
