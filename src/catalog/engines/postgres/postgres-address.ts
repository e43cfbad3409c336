import { existsSync } from "node:fs";

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
