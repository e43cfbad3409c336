import { readFileSync } from "node:fs";

/**
 * Minimum number of descriptors that a worker reserves for files, databases, archives and its
 * threads.
 */
const RESERVED = 64;

/**
 * Maximum number of connections of a worker, however many descriptors there are: each may carry a
 * response.
 */
const MAXIMUM_CONNECTIONS = 4096;

/**
 * Connections that a worker may have open: half of the descriptors that are not reserved, because a
 * response may also need a file or a connection to an archive. Further connections are closed on
 * arrival.
 *
 * @param descriptors the limit of this process; Infinity if unknown
 */
export function maximumConnections(descriptors = descriptorLimit()): number {
  return Math.max(16, Math.min(MAXIMUM_CONNECTIONS, Math.floor((descriptors - RESERVED) / 2)));
}

/** RLIMIT_NOFILE, as Linux reports it; other systems do not expose it to Node. */
function descriptorLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
