/** Deviation from the mean up to which workers are left alone. */
const TOLERATED_SHARE = 0.25;
const TOLERATED_COUNT = 1;

/**
 * How many connections each worker should close so that their clients reconnect to another one.
 * Keep-alive connections stay where they were accepted: without this, a worker that was alone for a
 * moment, after a start or a death, would keep all of them.
 */
export function connectionsToClose(connections: readonly number[]): number[] {
  const mean = connections.reduce((sum, count) => sum + count, 0) / Math.max(1, connections.length);
  const tolerated = mean + Math.max(TOLERATED_COUNT, mean * TOLERATED_SHARE);
  return connections.map((count) => (count > tolerated ? count - Math.ceil(mean) : 0));
}
