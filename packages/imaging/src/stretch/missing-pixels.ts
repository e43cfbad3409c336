/**
 * The pixels of a frame without a value, one bit each; most frames have none of them, and need no
 * memory.
 */
export class MissingPixels {
  readonly #pixels: number;
  readonly #isShared: boolean;
  #bits: Uint8Array;

  /** @param shared memory with one bit per pixel, all 0, to which other threads write as well */
  constructor(pixels: number, shared?: Uint8Array) {
    this.#pixels = pixels;
    this.#isShared = shared !== undefined;
    this.#bits = shared ?? new Uint8Array(0);
  }

  add(place: number): void {
    const bit = 1 << (place & 7);
    if (this.#isShared) {
      Atomics.or(this.#bits, place >>> 3, bit);
      return;
    }
    if (this.#bits.length === 0) this.#bits = new Uint8Array(bytesOfBits(this.#pixels));
    this.#bits[place >>> 3]! |= bit;
  }

  has(place: number): boolean {
    return ((this.#bits[place >>> 3] ?? 0) & (1 << (place & 7))) !== 0;
  }
}

/** Bytes for a number of bits. */
export function bytesOfBits(bits: number): number {
  return (bits + 7) >> 3;
}
