/** Above this a buffer is made for one use and not kept. */
const KEPT_BYTES = 64 * 1024 * 1024;

let kept = new Uint8Array(0);

/** A buffer of at least `length` bytes that this thread uses again and again; what is in it is lost with the next call. */
export function scratchBuffer(length: number): Uint8Array {
  if (length > KEPT_BYTES) return new Uint8Array(length);
  if (kept.length < length)
    kept = new Uint8Array(Math.min(KEPT_BYTES, Math.max(length, 2 * kept.length, 1024 * 1024)));
  return kept;
}
