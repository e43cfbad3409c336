import { existsSync } from "node:fs";
import type { DatabaseSettings } from "../../../config/settings-groups.ts";
import type { Purpose } from "../engine.ts";

/**
 * How long a statement may take, in milliseconds: while clients wait, and while tables are
 * harvested, migrated or verified.
 */
const SERVE_TIMEOUT_MS = 10_000;
const LONG_TIMEOUT_MS = 3_600_000;
/** How long a writer waits for a lock, in milliseconds. */
const LOCK_TIMEOUT_MS = 60_000;

/** Time limit of a statement, in milliseconds. */
export function statementTimeout(purpose: Purpose): number {
  return purpose === "serve" ? SERVE_TIMEOUT_MS : LONG_TIMEOUT_MS;
}

/** The settings of a session or transaction with this purpose. */
function sessionSettings(purpose: Purpose): readonly (readonly [name: string, value: string | number])[] {
  return [
    // plan prepared statements for their values: a generic plan would be a hundred times slower for
    // rare values, and one made for a small table is bad once a harvest has filled it
    ["plan_cache_mode", "force_custom_plan"],
    ["statement_timeout", statementTimeout(purpose)],
    ["lock_timeout", LOCK_TIMEOUT_MS],
    // commits are as durable as the server is configured: a resumed harvest would miss one that was
    // lost after it was reported
    ...(purpose === "write" ? [] : [["default_transaction_read_only", "on"] as const]),
  ];
}

/** How the settings of a session reach the server, and whether statements can be prepared. */
export interface SessionPlan {
  /** The startup parameter `options`. */
  readonly options?: string;
  /** Statements sent after connecting. */
  readonly onConnect?: string;
  /** Statements sent after each BEGIN. */
  readonly onBegin?: string;
  readonly prepares: boolean;
}

/**
 * On a direct connection, settings are startup options. PgBouncer refuses those: in session pooling
 * they are set after connecting; in transaction pooling, where each transaction may use another
 * connection, at the start of each transaction. Single statements then have the settings of the
 * role (ALTER ROLE), and none is prepared.
 */
export function sessionPlan(pooler: DatabaseSettings["pooler"], purpose: Purpose): SessionPlan {
  const settings = sessionSettings(purpose);
  switch (pooler) {
    case "session":
      return {
        onConnect: settings.map(([name, value]) => `SET ${name} = ${value}`).join("; "),
        prepares: true,
      };
    case "transaction":
      return {
        onBegin: settings.map(([name, value]) => `SET LOCAL ${name} = ${value}`).join("; "),
        prepares: false,
      };
    default:
      return { options: settings.map(([name, value]) => `-c ${name}=${value}`).join(" "), prepares: true };
  }
}

const DEFAULT_PORT = 5432;
/** Folders of PostgreSQL's sockets: Debian's default, and PostgreSQL's own. */
const SOCKET_FOLDERS = ["/var/run/postgresql", "/run/postgresql", "/tmp"];

/** Where a server listens; `host` is a name, an address, or the folder of a UNIX socket. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Host and port of DB_HOST: a name or address with an optional `:port`, a folder of sockets, or
 * empty for the default socket.
 */
export function serverAddress(host: string, environment: NodeJS.ProcessEnv = process.env): ServerAddress {
  const fallback = Number(environment.PGPORT) || DEFAULT_PORT;
  if (host === "") {
    const folder = SOCKET_FOLDERS.find((path) => existsSync(`${path}/.s.PGSQL.${fallback}`));
    return { host: environment.PGHOST ?? folder ?? SOCKET_FOLDERS[0]!, port: fallback };
  }
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(host);
  if (match === null) return { host: host.replace(/^\[(.*)\]$/, "$1"), port: fallback };
  return { host: match[1] ?? match[2] ?? host, port: Number(match[3]) };
}
