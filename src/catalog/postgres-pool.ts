import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import pg from "pg";
import type { DatabaseSettings } from "./database-settings.ts";

/** Connections of one process: workers of the service have few, a harvest has one at work. */
const CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 5000;
const IDLE_TIMEOUT_MS = 60_000;
/** How long a statement may take: when reading, and when writing or changing the schema. */
const READ_TIMEOUT_MS = 10_000;
const WRITE_TIMEOUT_MS = 3_600_000;
/** How long a writer waits for a lock. */
const LOCK_TIMEOUT_MS = 60_000;
// prepared statements are planned for the values they are asked with: one plan for all would be a hundred times slower for rare ones, and
// one that was made for a small table is a bad one once a harvest has filled it
const PLANNING = "-c plan_cache_mode=force_custom_plan";
const READ_OPTIONS = `${PLANNING} -c default_transaction_read_only=on`;
// a batch that is lost in a crash of the server comes again with the next harvest
const WRITE_OPTIONS = `${PLANNING} -c synchronous_commit=off`;
/** Statements that each connection keeps prepared; further ones are planned anew each time. */
const MAXIMUM_STATEMENTS = 256;
const DEFAULT_PORT = 5432;
/** Where the sockets of PostgreSQL are: Debian's place, and its own. */
const SOCKET_FOLDERS = ["/var/run/postgresql", "/run/postgresql", "/tmp"];

interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Host and port of DB_HOST: a name or address, with `:port` or not, a folder of sockets, or nothing, which is the socket. */
function serverAddress(host: string, environment: NodeJS.ProcessEnv = process.env): ServerAddress {
  const fallback = Number(environment.PGPORT) || DEFAULT_PORT;
  if (host === "") {
    const folder = SOCKET_FOLDERS.find((path) => existsSync(`${path}/.s.PGSQL.${fallback}`));
    return { host: environment.PGHOST ?? folder ?? SOCKET_FOLDERS[0]!, port: fallback };
  }
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(host);
  if (match === null) return { host: host.replace(/^\[(.*)\]$/, "$1"), port: fallback };
  return { host: match[1] ?? match[2] ?? host, port: Number(match[3]) };
}

/** Whether the connection was lost, or the server is going down or coming up: another attempt may well go through. */
function isDisconnected(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return (
    /^(08...|57P0[123]|ECONNRESET|ECONNREFUSED|EPIPE|ENOENT)$/.test(code) ||
    /^Connection terminated/.test(message)
  );
}

/** The connections to a PostgreSQL server in the form that kysely drives; statements are prepared once for each connection. */
export class PreparingPool implements PostgresPool {
  readonly #pool: pg.Pool;
  readonly #reads: boolean;
  readonly #names = new Map<string, string>();

  /** Connects when the first statement comes. `reads`: nothing can be written, and a statement whose connection broke is asked again. */
  constructor(settings: DatabaseSettings, reads: boolean) {
    const timeout = reads ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS;
    this.#reads = reads;
    this.#pool = new pg.Pool({
      ...serverAddress(settings.DB_HOST),
      user: settings.DB_USERNAME === "" ? (process.env.PGUSER ?? userInfo().username) : settings.DB_USERNAME,
      ...(settings.DB_PASSWORD !== "" && { password: settings.DB_PASSWORD }),
      database: settings.DB_DATABASE,
      application_name: "sbnsis",
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      statement_timeout: timeout,
      // for a server that is gone without a word
      query_timeout: timeout + CONNECT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      keepAlive: true,
      options: reads ? READ_OPTIONS : WRITE_OPTIONS,
    });
    // a connection that breaks while nobody uses it is replaced when the next one is wanted
    this.#pool.on("error", () => {});
  }

  async connect(): Promise<PostgresPoolClient> {
    let client = await this.#pool.connect();
    // kysely's interface has two forms of query; only this one is used without a cursor
    const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
      try {
        return await client.query({ ...this.#named(text), values: [...values] });
      } catch (error) {
        if (!this.#reads || !isDisconnected(error)) throw error;
        client.release(true);
        client = await this.#pool.connect();
        return await client.query({ ...this.#named(text), values: [...values] });
      }
    };
    return { query: query as PostgresPoolClient["query"], release: () => client.release() };
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }

  #named(text: string): { readonly text: string; readonly name?: string } {
    const known = this.#names.get(text);
    if (known !== undefined) return { text, name: known };
    if (this.#names.size >= MAXIMUM_STATEMENTS || !/^\s*select\b/i.test(text)) return { text };
    const name = `s${this.#names.size}`;
    this.#names.set(text, name);
    return { text, name };
  }
}
