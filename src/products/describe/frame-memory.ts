import { holdMemory } from "../threads/task-memory.ts";

/** Larger memory is not kept for the next picture; the frames of surveys need less. */
const KEPT_BYTES = 384 * 2 ** 20;

let kept: Uint8Array = new Uint8Array(0);

/**
 * Shared memory for the picture of a whole frame, which this thread reuses for the next one until
 * it ends: unused memory waiting for garbage collection would double what a worker needs. Reserving
 * three bytes per pixel costs nothing while two are used, because untouched pages are not
 * allocated.
 * Errors: MEMORY_SHORT, MEMORY_EXCEEDED.
 */
export function frameMemory(length: number): Uint8Array {
  if (length > KEPT_BYTES) {
    holdMemory("used for a large frame", length);
    kept = new Uint8Array(0);
    return new Uint8Array(new SharedArrayBuffer(length));
  }
  holdMemory("frame", length);
  if (kept.length < length) {
    kept = new Uint8Array(0);
    kept = new Uint8Array(new SharedArrayBuffer(Math.min(KEPT_BYTES, Math.ceil(length * 1.5))));
  }
  return kept;
}
