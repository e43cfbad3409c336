import { userInfo } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import pg from "pg";
import type { DatabaseSettings } from "../../../config/settings-groups.ts";
import type { ReadValue } from "../../model/rows.ts";
import type { Purpose } from "../engine.ts";
import { isAway, isUnusable } from "./postgres-errors.ts";
import { type SessionPlan, serverAddress, sessionPlan, statementTimeout } from "./postgres-session.ts";
import { type Encryption, encryptions, isEncryptionRefused } from "./postgres-tls.ts";

/**
 * Connections per process: a service has several workers, and a harvest uses one connection at a
 * time.
 */
const CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 5000;
/** A timeout that fires later than this was delayed: the process or the machine stood still. */
const HELD_UP_MS = 250;
const IDLE_TIMEOUT_MS = 60_000;
/** Prepared statements kept per connection; further ones are planned each time. */
const MAXIMUM_STATEMENTS = 256;
/**
 * How long to wait for a server that has become unavailable: restarting one takes about a second.
 */
const PATIENCE_MS: Readonly<Record<Purpose, number>> = { serve: 2000, inspect: 2000, write: 60_000 };
const RETRY_MS = 100;
/**
 * How often a read-only statement is attempted when connections break: each connection of the pool
 * may be one that the server has ended, and the fresh one after them may be ended as well.
 */
const ATTEMPTS = CONNECTIONS + 2;

/**
 * A client with an error listener for its whole life. pg emits the loss of a connection as an
 * event, whether or not a statement is running, and an error event without a listener ends the
 * process; the pool listens only while the connection is idle.
 */
class ListenedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // the next statement fails with the same reason, and the pool drops the connection
    this.on("error", () => {});
  }
}

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly rowMode: "array" | undefined;
  /** Whether it begins a transaction. */
  readonly begins: boolean;
}

/**
 * The connections to a PostgreSQL server in the form that kysely drives; statements are prepared
 * once per connection.
 */
export class PreparingPool implements PostgresPool {
  /** One pool per way of connecting that DB_SSLMODE allows, in order. */
  readonly #pools: readonly pg.Pool[];
  readonly #plan: SessionPlan;
  readonly #patienceMs: number;
  readonly #names = new Map<string, string>();
  /** Index of the pool that connected last. */
  #chosen = 0;
  #wasThere = false;
  #awaySince: number | undefined;
  #ended: Promise<unknown> | undefined;

  /**
   * Connects on the first statement. Errors: CONFIG_INVALID for certificates that cannot be read.
   */
  constructor(settings: DatabaseSettings, purpose: Purpose) {
    this.#plan = sessionPlan(settings.pooler, purpose);
    this.#patienceMs = PATIENCE_MS[purpose];
    const address = serverAddress(settings.host);
    this.#pools = encryptions(settings, address).map((ssl) => poolOf(settings, ssl, this.#plan, purpose));
  }

  async connect(): Promise<PostgresPoolClient> {
    return await this.#connection(undefined);
  }

  /** The rows that a statement selects, as arrays of values. */
  async fetch(text: string, values: readonly unknown[]): Promise<readonly (readonly ReadValue[])[]> {
    const client = await this.#connection("array");
    try {
      return (await client.query<readonly ReadValue[]>(text, values)).rows;
    } finally {
      client.release();
    }
  }

  /** A connection that returns rows as objects, or as arrays. */
  async #connection(rowMode: "array" | undefined): Promise<PostgresPoolClient> {
    let client: pg.PoolClient | undefined = await this.#acquire();
    let isTransaction = false;
    const drop = () => {
      client?.release(true);
      client = undefined;
    };
    // kysely's interface has two forms of query; it uses only this one when there is no cursor
    const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
      const word = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase();
      // outside a transaction, a read-only statement can be repeated, and so can the start of a
      // transaction
      const attempts = !isTransaction && (word === "select" || word === "begin") ? ATTEMPTS : 1;
      // a transaction whose connection was lost cannot continue on another one
      if (isTransaction && client === undefined) throw new Error("Connection terminated in a transaction");
      if (word === "commit" || word === "rollback") isTransaction = false;
      for (let attempt = 1; ; attempt += 1) {
        client ??= await this.#acquire();
        try {
          const result = await this.#send(client, { text, values, rowMode, begins: word === "begin" });
          if (word === "begin") isTransaction = true;
          return result;
        } catch (error) {
          if (isUnusable(error)) drop();
          if (!isAway(error) || attempt >= attempts) throw error;
        }
      }
    };
    return { query: query as PostgresPoolClient["query"], release: () => client?.release() };
  }

  async end(): Promise<void> {
    this.#ended ??= Promise.all(this.#pools.map((pool) => pool.end()));
    await this.#ended;
  }

  async #send(client: pg.PoolClient, { text, values, rowMode, begins }: Statement): Promise<unknown> {
    if (begins && this.#plan.onBegin !== undefined) {
      return [await client.query(`${text}; ${this.#plan.onBegin}`)].flat().at(-1);
    }
    const query = { ...this.#named(text), values: [...values] };
    return await (rowMode === undefined ? client.query(query) : client.query({ ...query, rowMode }));
  }

  /**
   * Acquires a connection; waits for a server that has just become unavailable, but not with every
   * request while it stays so.
   */
  async #acquire(): Promise<pg.PoolClient> {
    for (let attempt = 1; ; attempt += 1) {
      const started = performance.now();
      try {
        const client = await this.#connect();
        this.#wasThere = true;
        this.#awaySince = undefined;
        return client;
      } catch (error) {
        // the timeout of a process that stood still says nothing about the server
        const heldUpMs = performance.now() - started - CONNECT_TIMEOUT_MS;
        if (attempt === 1 && heldUpMs > HELD_UP_MS && !isAway(error)) continue;
        if (!this.#wasThere || !isAway(error)) throw error;
        const now = performance.now();
        this.#awaySince ??= now;
        if (now - this.#awaySince > this.#patienceMs) throw error;
        await setTimeout(RETRY_MS);
      }
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    const first = this.#chosen;
    let refusal: unknown;
    for (let i = 0; i < this.#pools.length; i += 1) {
      const at = (first + i) % this.#pools.length;
      try {
        const client = await this.#pools[at]!.connect();
        this.#chosen = at;
        return client;
      } catch (error) {
        refusal ??= error;
        if (!isEncryptionRefused(error)) throw error;
      }
    }
    throw refusal;
  }

  #named(text: string): { readonly text: string; readonly name?: string } {
    if (!this.#plan.prepares) return { text };
    const known = this.#names.get(text);
    if (known !== undefined) return { text, name: known };
    if (this.#names.size >= MAXIMUM_STATEMENTS || !/^\s*select\b/i.test(text)) return { text };
    const name = `s${this.#names.size}`;
    this.#names.set(text, name);
    return { text, name };
  }
}

function poolOf(
  settings: DatabaseSettings,
  ssl: Encryption,
  { options, onConnect }: SessionPlan,
  purpose: Purpose,
): pg.Pool {
  const pool = new pg.Pool({
    ...serverAddress(settings.host),
    Client: ListenedClient,
    ssl,
    user: settings.username === "" ? (process.env.PGUSER ?? userInfo().username) : settings.username,
    ...(settings.password !== "" && { password: settings.password }),
    database: settings.name,
    application_name: "sbnsis",
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    // for a server that silently disappears
    query_timeout: statementTimeout(purpose) + CONNECT_TIMEOUT_MS,
    keepAlive: true,
    ...(options !== undefined && { options }),
    ...(onConnect !== undefined && {
      onConnect: async (client: pg.ClientBase) => {
        await client.query(onConnect);
      },
    }),
  });
  // an idle connection that breaks is replaced when the next one is needed
  pool.on("error", () => {});
  return pool;
}
