import { holdMemory } from "../threads/task-memory.ts";

/** Above this memory is not kept for the next picture: the frames of surveys need less. */
const KEPT_BYTES = 384 * 2 ** 20;

let kept: Uint8Array = new Uint8Array(0);

/**
 * Shared memory for the picture of a whole frame that this thread uses again for the next one, until it ends: what is unused until it is collected
 * would double what a worker needs. Room for three bytes a pixel costs nothing while two are used, as pages that are never touched do not exist.
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
