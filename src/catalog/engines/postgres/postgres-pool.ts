import { setTimeout } from "node:timers/promises";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import type pg from "pg";
import type { DatabaseSettings } from "../../../config/settings-groups.ts";
import type { ReadValue } from "../../model/rows.ts";
import type { Purpose, Warn } from "../engine.ts";
import { isAway, isReplicaConflict, isUnusable } from "./postgres-errors.ts";
import { CONNECT_TIMEOUT_MS, CONNECTIONS, PostgresServers } from "./postgres-servers.ts";
import { type SessionPlan, sessionPlan } from "./postgres-session.ts";

/** A timeout that fires later than this was delayed: the process or the machine was suspended. */
const HELD_UP_MS = 250;
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
  readonly #servers: PostgresServers;
  readonly #plan: SessionPlan;
  readonly #patienceMs: number;
  readonly #names = new Map<string, string>();
  #wasThere = false;
  #awaySince: number | undefined;
  #ended: Promise<void> | undefined;

  /**
   * Connects on the first statement. Errors: CONFIG_INVALID for certificates that cannot be read.
   */
  constructor(settings: DatabaseSettings, purpose: Purpose, warn?: Warn) {
    this.#plan = sessionPlan(settings.pooler, purpose);
    this.#patienceMs = PATIENCE_MS[purpose];
    this.#servers = new PostgresServers(settings, this.#plan, purpose, warn);
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
          const isPassing = isAway(error) || isReplicaConflict(error);
          if (!isPassing || attempt >= attempts) throw error;
        }
      }
    };
    return { query: query as PostgresPoolClient["query"], release: () => client?.release() };
  }

  async end(): Promise<void> {
    this.#ended ??= this.#servers.end();
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
        const client = await this.#servers.connect();
        this.#wasThere = true;
        this.#awaySince = undefined;
        return client;
      } catch (error) {
        // the timeout of a suspended process says nothing about the server
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
