import type { Stats } from "node:fs";

/** A label file that changed so shortly ago could change again within the same tick of the file system's clock. */
const SETTLED_MS = 2000;

/**
 * What tells a label file from itself after a change: its size and the times of its last changes. Null for one that changed just
 * now, of which nothing can be told yet.
 */
export function labelStamp({ size, mtimeMs, ctimeMs }: Stats, nowMs: number): string | null {
  // a time far in the future is of a clock that was put back since, and a change now would have another
  const unsettled = [mtimeMs, ctimeMs].some((time) => Math.abs(nowMs - time) < SETTLED_MS);
  return unsettled ? null : `${size}:${mtimeMs}:${ctimeMs}`;
}
