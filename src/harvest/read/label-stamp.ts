import type { Stats } from "node:fs";

/**
 * A label file that changed this recently could change again within the same tick of the file
 * system's clock.
 */
const SETTLED_MS = 2000;

/**
 * Identifies a state of a label file: its size and the times of its last changes. Null for a file
 * that has just changed, whose state cannot be identified yet.
 */
export function labelStamp({ size, mtimeMs, ctimeMs }: Stats, nowMs: number): string | null {
  // a time far in the future is from a clock since set back; a change now would get a different
  // time
  const unsettled = [mtimeMs, ctimeMs].some((time) => Math.abs(nowMs - time) < SETTLED_MS);
  return unsettled ? null : `${size}:${mtimeMs}:${ctimeMs}`;
}
