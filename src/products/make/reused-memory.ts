import { holdMemory } from "../threads/task-memory.ts";

/** Larger buffers are allocated for a single use and not kept. */
const KEPT_SCRATCH_BYTES = 16 * 1024 * 1024;

/**
 * A buffer of at least `length` bytes for input, which this thread reuses; its contents are lost
 * with the next call.
 */
export const scratchBuffer = scratch();

/** Like `scratchBuffer`, for decoded pixels. */
export const scratchPixels = scratch();

/** Like `scratchBuffer`, for sums over blocks of pixels. */
export const scratchSums = scratch();

function scratch(): (length: number) => Uint8Array<ArrayBuffer> {
  let kept = new Uint8Array(0);
  return (length) => {
    if (length > KEPT_SCRATCH_BYTES) return new Uint8Array(length);
    if (kept.byteLength < length)
      kept = new Uint8Array(Math.min(KEPT_SCRATCH_BYTES, Math.max(length, 2 * kept.byteLength, 1024 * 1024)));
    return kept;
  };
}

/** Larger memory is not kept for the next picture; the frames of surveys need less. */
const KEPT_FRAME_BYTES = 448 * 2 ** 20;

let frame: Uint8Array = new Uint8Array(0);

/**
 * Shared memory for the picture of a whole frame, which this thread reuses for the next one until
 * it ends: unused memory waiting for garbage collection would double what a worker needs. Reserving
 * three bytes per pixel costs nothing while two are used, because untouched pages are not
 * allocated.
 * Errors: MEMORY_SHORT, MEMORY_EXCEEDED.
 */
export function frameMemory(length: number): Uint8Array {
  if (length > KEPT_FRAME_BYTES) {
    holdMemory("used for a large frame", length);
    frame = new Uint8Array(0);
    return new Uint8Array(new SharedArrayBuffer(length));
  }
  holdMemory("frame", length);
  if (frame.length < length) {
    frame = new Uint8Array(0);
    frame = new Uint8Array(new SharedArrayBuffer(Math.min(KEPT_FRAME_BYTES, Math.ceil(length * 1.5))));
  }
  return frame;
}
