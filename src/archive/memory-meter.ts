/**
 * Reserves memory before it is allocated for unpacking and decoding. Throws when there is not
 * enough; nothing may be allocated then.
 */
export interface MemoryMeter {
  /**
   * Sets the memory used for `purpose` to `bytes`, replacing the earlier value. Smaller values have
   * no effect: the owner of the meter releases all memory at once.
   */
  hold(purpose: string, bytes: number): void;
}

/** A meter that counts nothing, for programs without a memory limit. */
export const UNMETERED: MemoryMeter = { hold: () => undefined };
