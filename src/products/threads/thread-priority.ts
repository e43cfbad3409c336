import { getPriority, setPriority } from "node:os";
import { isMainThread } from "node:worker_threads";

/** For threads whose results somebody is waiting for, but which take longer than cutouts. */
export const BELOW_CUTOUTS = 4;

/** For threads whose work takes seconds. */
export const BELOW_TILES = 8;

/** For jobs, whose results nobody waits for one by one. */
export const BELOW_ALL = 12;

/** The lowest priority there is (setpriority of Linux). */
const LOWEST = 19;

/**
 * Lowers the priority of this thread, so that threads of other pools, and the one that sends
 * responses, get the processor first. Only Linux has priorities of threads: elsewhere, this would
 * be that of the whole process, and nothing is done.
 * @param niceness how far below that of the process; 0 for not at all
 */
export function lowerPriority(niceness: number): void {
  if (niceness === 0 || isMainThread || process.platform !== "linux") return;
  try {
    setPriority(0, Math.min(getPriority(0) + niceness, LOWEST));
  } catch {
    // a container may forbid it; work is then only shared less well
  }
}
