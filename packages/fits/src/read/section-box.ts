import type { StoredArray } from "./stored-pixels.ts";

/** A box of pixels of an image of any number of axes, from 0, the first axis fastest. */
export interface SectionBox {
  readonly start: readonly number[];
  readonly shape: readonly number[];
}

/** Byte ranges in the order of rows or tiles, not necessarily ascending. */
export interface WantedRanges {
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
}

/**
 * Copies pixels `low` to `high` of a tile of `shape`, whose first pixel is `origin` of the image,
 * to their position in the box.
 */
export function copyBox(
  pixels: StoredArray,
  shape: readonly number[],
  low: readonly number[],
  high: readonly number[],
  out: StoredArray,
  box: SectionBox,
  origin: readonly number[],
): void {
  const index = low.slice();
  const length = high[0]! - low[0]!;
  for (;;) {
    let from = 0;
    let to = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from = from * shape[axis]! + index[axis]!;
      to = to * box.shape[axis]! + origin[axis]! + index[axis]! - box.start[axis]!;
    }
    // Both are arrays of one kind, which TypeScript cannot infer from the union.
    (out as Float64Array).set(pixels.subarray(from, from + length) as Float64Array, to);
    let axis = 1;
    for (; axis < shape.length; axis++) {
      index[axis]!++;
      if (index[axis]! < high[axis]!) break;
      index[axis] = low[axis]!;
    }
    if (axis >= shape.length) return;
  }
}
