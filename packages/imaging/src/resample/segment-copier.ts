/** From this many pixels on, a copy by the engine is faster than a loop. */
const LONG = 48;

/**
 * Copies segments of pixels that are contiguous in a row or a column of the source, joining
 * segments that continue each other.
 */
export class SegmentCopier {
  readonly #bytes: Uint8Array;
  /**
   * The pending segment: its start in the picture's row and in the source, the step in the source,
   * and its length.
   */
  #from = 0;
  #at = 0;
  #step = 0;
  #length = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Takes `count` pixels for index `from` of `out`: those at `at`, `at + step` and so on. */
  add(from: number, at: number, step: number, count: number, out: Uint8Array): void {
    const continues =
      step === this.#step && from === this.#from + this.#length && at === this.#at + step * this.#length;
    if (continues) this.#length += count;
    else {
      this.flush(out);
      this.#from = from;
      this.#at = at;
      this.#step = step;
      this.#length = count;
    }
  }

  /** Copies the pending segment. */
  flush(out: Uint8Array): void {
    const bytes = this.#bytes;
    const length = this.#length;
    const step = this.#step;
    const from = this.#from;
    let at = this.#at;
    this.#length = 0;
    if (length >= LONG && step === 1) out.set(bytes.subarray(at, at + length), from);
    else if (length >= LONG && step === -1) {
      out.set(bytes.subarray(at - length + 1, at + 1), from);
      out.subarray(from, from + length).reverse();
    } else {
      const end = from + length;
      for (let i = from; i < end; i++, at += step) out[i] = bytes[at]!;
    }
  }
}
