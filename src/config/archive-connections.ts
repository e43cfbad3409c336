import { SisError } from "../errors/sis-error.ts";
import type { Settings } from "./settings-groups.ts";

/**
 * Archive threads beyond those that a single archive may use, so that others do not wait when it
 * stalls.
 */
export const OTHER_HOSTS = 2;

/** Connections of a thread or process to one host where their number is not set. */
const PER_HOLDER = 4;

/** How the connections of a worker to one archive host are divided. */
export interface ArchiveConnections {
  /** Number of products from that host that are made at once. */
  readonly tasks: number;
  /** Connections of each thread, and of the main thread, to that host. */
  readonly perHolder: number;
  /** Whether idle connections stay open. */
  readonly keepsAlive: boolean;
}

/**
 * Divides SBNSIS_ARCHIVE_CONNECTIONS between the threads that read archives and the main thread. If
 * there are too few for all of them, fewer products are made at once, and connections are closed
 * after each response: otherwise idle threads would hold them.
 * Errors: CONFIG_INVALID for 1, because the main thread and one other need one each.
 */
export function archiveConnections({ archive, products }: Settings): ArchiveConnections {
  const { connections } = archive;
  const threads = products.remoteThreads;
  const holders = threads + OTHER_HOSTS + 1;
  if (connections === 0) return { tasks: threads, perHolder: PER_HOLDER, keepsAlive: true };
  if (connections === 1) {
    throw new SisError("CONFIG_INVALID", "SBNSIS_ARCHIVE_CONNECTIONS is 1; allowed: 0, or 2 to 1024", {
      details: { variable: "SBNSIS_ARCHIVE_CONNECTIONS", value: 1, allowed: "0, or 2 to 1024" },
    });
  }
  if (connections >= holders) {
    return { tasks: threads, perHolder: Math.floor(connections / holders), keepsAlive: true };
  }
  return { tasks: Math.min(threads, connections - 1), perHolder: 1, keepsAlive: false };
}
