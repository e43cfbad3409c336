import type { StoredArray } from "./physical-values.ts";

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

/** A tile and the part of it that is copied. */
export interface TilePart {
  /** Position of its first pixel in the image, from 0. */
  readonly origin: readonly number[];
  readonly shape: readonly number[];
  /** First pixel of the part in the tile, and the one after the last, along each axis. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Copies a part of a tile to its position in the box. */
export function copyBox(
  pixels: StoredArray,
  { origin, shape, low, high }: TilePart,
  out: StoredArray,
  box: SectionBox,
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
