/**
 * What memory is asked of before it is taken, by those who unpack and decode. Throws where there is
 * none, and then nothing may be taken.
 */
export interface MemoryMeter {
  /**
   * From now on `bytes` are used for `purpose`, in place of what was used for it before. Lower
   * numbers than before change nothing: memory is given back all together, by whoever counts.
   */
  hold(purpose: string, bytes: number): void;
}

/** A meter that counts nothing, for programs without a bound of their own. */
export const UNMETERED: MemoryMeter = { hold: () => undefined };
