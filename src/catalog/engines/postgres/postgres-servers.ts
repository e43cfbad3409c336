import { userInfo } from "node:os";
import type pg from "pg";
import type { DatabaseSettings } from "../../../config/settings-groups.ts";
import type { Purpose, Warn } from "../engine.ts";
import { connectionPool } from "./connection-pool.ts";
import { isAway } from "./postgres-errors.ts";
import { type ServerAddress, type SessionPlan, serverAddress, statementTimeout } from "./postgres-session.ts";
import { type Encryption, encryptions, isEncryptionRefused } from "./postgres-tls.ts";

/**
 * Connections per process: a service has several workers, and a harvest uses one connection at a
 * time.
 */
export const CONNECTIONS = 4;
export const CONNECT_TIMEOUT_MS = 5000;
const IDLE_TIMEOUT_MS = 60_000;
/** How long a replica that was down is not used, until one request tries it again. */
const REST_MS = 5000;

/** One server. */
interface Server {
  /** One pool per way of connecting that DB_SSLMODE allows, in order. */
  readonly pools: readonly pg.Pool[];
  /** Index of the pool that connected last. */
  chosen: number;
}

/** The replica that serves requests while it is up, and when it is tried again. */
interface Replica extends Server {
  readonly host: string;
  isDown: boolean;
  /** Reading of the monotonic clock, in milliseconds. */
  restsUntil: number;
}

/**
 * The server of DB_HOST and, for serving, the replica of DB_READ_HOST: connections are to the
 * replica unless it is down.
 */
export class PostgresServers {
  readonly #primary: Server;
  readonly #replica: Replica | undefined;
  readonly #warn: Warn | undefined;

  /** Errors: CONFIG_INVALID for certificates that cannot be read. */
  constructor(settings: DatabaseSettings, plan: SessionPlan, purpose: Purpose, warn?: Warn) {
    const server = (host: string): Server => {
      const address = serverAddress(host);
      const ways = encryptions(settings, address);
      return { pools: ways.map((ssl) => poolOf(settings, address, ssl, plan, purpose)), chosen: 0 };
    };
    const { host, readHost } = settings;
    this.#primary = server(host);
    this.#replica =
      purpose === "serve" && readHost !== ""
        ? { ...server(readHost), host: readHost, isDown: false, restsUntil: 0 }
        : undefined;
    this.#warn = warn;
  }

  /**
   * A connection to the replica, or to the primary while the replica is down. Errors: those of pg;
   * those of a replica that is up, such as a refused password.
   */
  async connect(): Promise<pg.PoolClient> {
    const replica = this.#replica;
    if (replica === undefined || !mayTry(replica)) return await connectTo(this.#primary);
    try {
      const client = await connectTo(replica);
      if (replica.isDown) this.#warn?.(`the replica ${replica.host} is up again`);
      replica.isDown = false;
      return client;
    } catch (error) {
      if (!isAway(error) && !isTimeout(error)) throw error;
      if (!replica.isDown) {
        const reason = (error as Error).message;
        this.#warn?.(`the replica ${replica.host} is down (${reason}); DB_HOST is used until it is back`);
      }
      replica.isDown = true;
      replica.restsUntil = performance.now() + REST_MS;
      return await connectTo(this.#primary);
    }
  }

  async end(): Promise<void> {
    const servers = this.#replica === undefined ? [this.#primary] : [this.#primary, this.#replica];
    await Promise.all(servers.flatMap(({ pools }) => pools.map((pool) => pool.end())));
  }
}

/** Whether a replica is up, or this request is the one that tries it after a pause. */
function mayTry(replica: Replica): boolean {
  if (!replica.isDown) return true;
  const now = performance.now();
  if (now < replica.restsUntil) return false;
  replica.restsUntil = now + CONNECT_TIMEOUT_MS + REST_MS;
  return true;
}

/** Whether pg timed out while connecting, or while all connections of the pool were busy. */
function isTimeout(error: unknown): boolean {
  return /timeout exceeded when trying to connect/.test((error as Error).message);
}

async function connectTo(server: Server): Promise<pg.PoolClient> {
  const first = server.chosen;
  let refusal: unknown;
  for (let i = 0; i < server.pools.length; i += 1) {
    const at = (first + i) % server.pools.length;
    try {
      const client = await server.pools[at]!.connect();
      server.chosen = at;
      return client;
    } catch (error) {
      refusal ??= error;
      if (!isEncryptionRefused(error)) throw error;
    }
  }
  throw refusal;
}

function poolOf(
  settings: DatabaseSettings,
  address: ServerAddress,
  ssl: Encryption,
  { options, onConnect }: SessionPlan,
  purpose: Purpose,
): pg.Pool {
  return connectionPool({
    ...address,
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
}
