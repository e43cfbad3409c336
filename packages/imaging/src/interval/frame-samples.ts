import type { RowMap } from "../frame/pixel-map.ts";
import { RowPlaces } from "../frame/row-places.ts";
import { type ImageSize, insidePixels, isInside } from "../resample/inside.ts";
import type { MissingPixels } from "../stretch/level-bands.ts";
import { ZSCALE_SAMPLES } from "./zscale.ts";

/**
 * The pixels of the source that zscale takes as its sample of the picture: every n-th of the picture's pixels that have a value, in the order of the
 * rows from the bottom, n = floor(their number / 1000), at least 1, and at most 1000 of them. Places are row * width + column.
 * Picture and source are of the same size.
 *
 * @param missing pixels of the source without a value; without it all have one
 */
export function samplePlaces(map: RowMap, size: ImageSize, missing?: MissingPixels): Float64Array {
  const { width, height } = size;
  const walk = rowWalker(map, size, missing);
  const inside = missing === undefined ? insidePixels(map, size, width, 0, height) : undefined;
  const counts =
    inside?.counts ?? Uint32Array.from({ length: height }, (_, row) => walk(row, () => undefined));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const stride = Math.floor(Math.max(1, total / ZSCALE_SAMPLES));
  const line = new RowPlaces(map, size, width);
  const places = new Float64Array(Math.min(ZSCALE_SAMPLES, Math.ceil(total / stride)));
  let before = 0;
  let found = 0;
  for (let row = 0; row < height && found < places.length; row++) {
    const count = counts[row]!;
    let next = Math.ceil(before / stride) * stride - before;
    const first = inside?.firsts[row] ?? -1;
    if (next < count && first >= 0) {
      // the row is on the source in one piece: no need to look at all of it
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

/** Gives the places that the pixels of a row of the picture show, from the left, where there is a value; answers how many. */
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
