/** Values in rows: what typed arrays have in common. */
interface Numbers {
  readonly [i: number]: number;
}

/**
 * Sums over square blocks of pixels, one row of blocks at a time, and how many pixels with a value
 * each has.
 */
export class BlockSums {
  readonly sums: Float64Array;
  readonly counts: Uint32Array;
  readonly #width: number;
  readonly #side: number;

  /**
   * @param width of the image, pixels
   * @param side of a block, pixels; the last block of a row may be narrower
   */
  constructor(width: number, side: number) {
    const columns = Math.ceil(width / side);
    this.sums = new Float64Array(columns);
    this.counts = new Uint32Array(columns);
    this.#width = width;
    this.#side = side;
  }

  /** Starts the next row of blocks. */
  clear(): void {
    this.sums.fill(0);
    this.counts.fill(0);
  }

  /** Adds a row of an image in which every pixel has a value, from index `at` on. */
  addComplete(values: Numbers, at: number): void {
    const { sums, counts } = this;
    const side = this.#side;
    const end = at + this.#width;
    for (let column = 0, from = at; from < end; column++, from += side) {
      const until = Math.min(end, from + side);
      let sum = 0;
      for (let i = from; i < until; i++) sum += values[i]!;
      sums[column]! += sum;
      counts[column]! += until - from;
    }
  }

  /** Adds a row in which pixels without a value are NaN. */
  addFinite(values: Numbers, at: number): void {
    const { sums, counts } = this;
    const side = this.#side;
    const end = at + this.#width;
    for (let column = 0, from = at; from < end; column++, from += side) {
      const until = Math.min(end, from + side);
      let [sum, count] = [0, 0];
      for (let i = from; i < until; i++) {
        const value = values[i]!;
        if (value - value !== 0) continue;
        sum += value;
        count++;
      }
      sums[column]! += sum;
      counts[column]! += count;
    }
  }
}
