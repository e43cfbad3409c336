import { readFileSync } from "node:fs";

/** Descriptors that a worker keeps for files, databases, archives and its threads, at least. */
const RESERVED = 64;

/** Connections of one worker, however many descriptors there are: each may hold an answer. */
const MAXIMUM_CONNECTIONS = 4096;

/**
 * Connections that a worker may have open: half of the descriptors that are not reserved, because
 * an answer may need a file or a connection to an archive as well. More are closed as they come.
 *
 * @param descriptors the limit of this process; Infinity if it is not known
 */
export function maximumConnections(descriptors = descriptorLimit()): number {
  return Math.max(16, Math.min(MAXIMUM_CONNECTIONS, Math.floor((descriptors - RESERVED) / 2)));
}

/** RLIMIT_NOFILE, as Linux tells it; other systems do not tell it to Node. */
function descriptorLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
