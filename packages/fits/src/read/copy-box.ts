import type { SectionBox } from "./section-box.ts";
import type { StoredArray } from "./stored-pixels.ts";

/** Copies pixels `low` to `high` of a tile of `shape`, whose first pixel is `origin` of the image, to where the box has them. */
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
    // Both are arrays of one kind; TypeScript does not know that of a union.
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
