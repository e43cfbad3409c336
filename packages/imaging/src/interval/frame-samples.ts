import type { RowMap } from "@sbnsis/wcs";
import { RowIndices } from "../frame/row-indices.ts";
import { coverageOf, type ImageSize, isInside } from "../resample/coverage.ts";
import type { MissingPixels } from "../stretch/missing-pixels.ts";
import { ZSCALE_SAMPLES } from "./zscale.ts";

/**
 * The source pixels that zscale samples for the picture: every n-th of the picture's pixels that
 * have a value, row by row from the bottom, n = floor(their number / 1000), at least 1, and at most
 * 1000 of them. Indices are row * width + column.
 * Picture and source have the same size.
 * @param missing pixels of the source without a value; without it all have one
 */
export function samplePlaces(map: RowMap, size: ImageSize, missing?: MissingPixels): Float64Array {
  const { width, height } = size;
  const walk = rowWalker(map, size, missing);
  const coverage = missing === undefined ? coverageOf(map, size, width, 0, height) : undefined;
  const counts =
    coverage?.counts ?? Uint32Array.from({ length: height }, (_, row) => walk(row, () => undefined));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const stride = Math.floor(Math.max(1, total / ZSCALE_SAMPLES));
  const line = new RowIndices(map, size, width);
  const places = new Float64Array(Math.min(ZSCALE_SAMPLES, Math.ceil(total / stride)));
  let before = 0;
  let found = 0;
  for (let row = 0; row < height && found < places.length; row++) {
    const count = counts[row]!;
    let next = Math.ceil(before / stride) * stride - before;
    const first = coverage?.firsts[row] ?? -1;
    if (next < count && first >= 0) {
      // the part of the row on the source is contiguous, so it need not be checked pixel by pixel
      line.setRow(row);
      for (; next < count && found < places.length; next += stride)
        places[found++] = line.placeOf(first + next);
    } else if (next < count) {
      let seen = 0;
      walk(row, (place) => {
        if (seen++ !== next || found === places.length) return;
        places[found++] = place;
        next += stride;
      });
    }
    before += count;
  }
  return places.subarray(0, found);
}

/**
 * Returns a function that collects the source indices of a row of the picture, from the left, where
 * there is a value, and returns their number.
 */
function rowWalker(map: RowMap, size: ImageSize, missing: MissingPixels | undefined) {
  const { width } = size;
  const x = new Float64Array(width);
  const y = new Float64Array(width);
  return (row: number, visit: (place: number) => void): number => {
    map(row, 0, 1, width, x, y);
    let count = 0;
    for (let i = 0; i < width; i++) {
      const sx = x[i]!;
      const sy = y[i]!;
      if (!isInside(sx, sy, size)) continue;
      const place = ((sy + 0.5) | 0) * width + ((sx + 0.5) | 0);
      if (missing?.has(place)) continue;
      count++;
      visit(place);
    }
    return count;
  };
}
