/** Larger buffers are allocated for a single use and not kept. */
const KEPT_BYTES = 16 * 1024 * 1024;

/**
 * A buffer of at least `length` bytes for input, which this thread reuses; its contents are lost
 * with the next call.
 */
export const scratchBuffer = scratch();

/** Like `scratchBuffer`, for decoded pixels. */
export const scratchPixels = scratch();

function scratch(): (length: number) => Uint8Array<ArrayBuffer> {
  let kept = new Uint8Array(0);
  return (length) => {
    if (length > KEPT_BYTES) return new Uint8Array(length);
    if (kept.byteLength < length)
      kept = new Uint8Array(Math.min(KEPT_BYTES, Math.max(length, 2 * kept.byteLength, 1024 * 1024)));
    return kept;
  };
}
