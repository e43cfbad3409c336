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

/**
 * Pixels between the positions of a row that are mapped first: the nodes of gridMap, which are
 * known already.
 */
export const SEGMENT = 32;

/** Allowed numeric error of a position, besides its curvature. */
export const MARGIN = 1e-6;

/** The pixel that contains two positions and all between them; NaN when there may be several. */
export function commonPixel(a: number, b: number, bend: number): number {
  const low = Math.floor(Math.min(a, b) - bend + 0.5);
  return low === Math.floor(Math.max(a, b) + bend + 0.5) ? low : Number.NaN;
}

/**
 * Limit of the deviation within a segment from the straight line between its ends: its second
 * difference, with a margin for its change.
 */
export function curvature(nodes: Float64Array, segment: number): number {
  const last = nodes.length - 1;
  const before = segment === 0 ? segment : segment - 1;
  const after = Math.min(last, segment + 2);
  if (after - before < 2) return Number.NaN;
  const bendBefore = segment === 0 ? 0 : nodes[segment - 1]! - 2 * nodes[segment]! + nodes[segment + 1]!;
  const bendAfter = segment + 2 > last ? 0 : nodes[segment]! - 2 * nodes[segment + 1]! + nodes[segment + 2]!;
  return Math.max(Math.abs(bendBefore), Math.abs(bendAfter)) / 4;
}
