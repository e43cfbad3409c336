import { createRequire } from "node:module";
import type pg from "pg";

const require = createRequire(import.meta.url);

/**
 * A pool of connections that are made on demand. The loss of a connection is an error of its next
 * statement, never of the process. node-postgres is loaded with the first pool: programs that use
 * SQLite start faster without it.
 */
export function connectionPool(config: pg.PoolConfig): pg.Pool {
  const { Client, Pool } = require("pg") as typeof pg;
  /**
   * pg emits the loss of a connection as an event, whether or not a statement is running, and an
   * error event without a listener ends the process; the pool listens only while the connection is
   * idle. The next statement fails with the same reason, and the pool drops the connection.
   */
  class ListenedClient extends Client {
    constructor(options?: string | pg.ClientConfig) {
      super(options);
      this.on("error", () => {});
    }
  }
  const pool = new Pool({ ...config, Client: ListenedClient });
  // an idle connection that breaks is replaced when the next one is needed
  pool.on("error", () => {});
  return pool;
}
