let kept: Uint8Array = new Uint8Array(0);

/**
 * Shared memory for the picture of a whole frame that this thread uses again for the next one, until it ends: what lies unused until it is collected
 * would double what a worker needs. Room for three bytes a pixel costs nothing while two are used, as pages that are never touched do not exist.
 */
export function frameMemory(length: number): Uint8Array {
  if (kept.length < length) {
    kept = new Uint8Array(0);
    kept = new Uint8Array(new SharedArrayBuffer(Math.ceil(length * 1.5)));
  }
  return kept;
}
