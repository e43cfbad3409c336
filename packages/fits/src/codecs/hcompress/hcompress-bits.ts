/**
 * Bits and Huffman codes of an HCOMPRESS_1 stream, highest bit first. Reading past the end gives
 * zeros and sets `ended`.
 */
export class HcompressBits {
  readonly #bytes: Uint8Array;
  #position: number;

  /** Starts at byte `start`. */
  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#position = start * 8;
  }

  /** Whether more bits were taken than the stream has. */
  get ended(): boolean {
    return this.#position > this.#bytes.length * 8;
  }

  /** The next `n` bits, at most 8. */
  take(n: number): number {
    const value = this.#peek(n);
    this.#position += n;
    return value;
  }

  /**
   * A value from 0 to 15, in the fixed code of the format: three bits for the most likely values,
   * six for the least likely.
   */
  code(): number {
    const bits = this.#peek(6);
    if (bits < 32) {
      this.#position += 3;
      return 1 << (bits >> 3);
    }
    if (bits < 52) {
      this.#position += 4;
      return FOUR_BITS[(bits >> 2) - 8]!;
    }
    if (bits < 62) {
      this.#position += 5;
      return FIVE_BITS[(bits >> 1) - 26]!;
    }
    this.#position += 6;
    return bits === 62 ? 0 : 14;
  }

  toNextByte(): void {
    this.#position = Math.ceil(this.#position / 8) * 8;
  }

  #peek(n: number): number {
    const at = Math.floor(this.#position / 8);
    const word = ((this.#bytes[at] ?? 0) << 8) | (this.#bytes[at + 1] ?? 0);
    return (word >> (16 - (this.#position % 8) - n)) & ((1 << n) - 1);
  }
}

const FOUR_BITS = [3, 5, 10, 12, 15];
const FIVE_BITS = [6, 7, 9, 11, 13];
