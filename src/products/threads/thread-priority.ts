import { setPriority } from "node:os";
import { isMainThread } from "node:worker_threads";

/** For threads that make what somebody waits for, and that takes longer than a cutout. */
export const BEHIND_CUTOUTS = 4;

/** For threads whose work takes seconds. */
export const BEHIND_TILES = 8;

/**
 * Lowers the priority of this thread, so that threads of other pools, and the one that sends
 * responses, get the processor first. Only Linux has priorities of threads: elsewhere, this would
 * be that of the whole process, and nothing is done.
 * @param niceness 0 for none, up to 19
 */
export function giveWay(niceness: number): void {
  if (niceness === 0 || isMainThread || process.platform !== "linux") return;
  try {
    setPriority(0, niceness);
  } catch {
    // a container may forbid it; work is then only shared less well
  }
}
