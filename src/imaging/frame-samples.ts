import { type ImageSize, insideCounts, isInside } from "./inside.ts";
import type { MissingPixels } from "./level-bands.ts";
import type { RowMap } from "./pixel-map.ts";
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
  const firstOfRun = runFinder(map, size);
  const counts =
    missing === undefined
      ? insideCounts(map, size, width, 0, height)
      : Uint32Array.from({ length: height }, (_, row) => walk(row, () => undefined));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const stride = Math.floor(Math.max(1, total / ZSCALE_SAMPLES));
  const x = new Float64Array(1);
  const y = new Float64Array(1);
  const placeOf = (row: number, column: number): number => {
    map(row, column, 1, 1, x, y);
    return ((y[0]! + 0.5) | 0) * width + ((x[0]! + 0.5) | 0);
  };
  const places = new Float64Array(Math.min(ZSCALE_SAMPLES, Math.ceil(total / stride)));
  let before = 0;
  let found = 0;
  for (let row = 0; row < height && found < places.length; row++) {
    const count = counts[row]!;
    let next = Math.ceil(before / stride) * stride - before;
    const first = next < count && missing === undefined ? firstOfRun(row, count) : undefined;
    if (first !== undefined) {
      // the row is on the source in one piece: no need to look at all of it
      for (; next < count && found < places.length; next += stride)
        places[found++] = placeOf(row, first + next);
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

/** Pixels that are mapped together when the ends of a row are looked for. */
const PART = 32;

/** Tells the first of the `count` pixels of a row of the picture that are on the source, when they lie side by side; undefined when they do not. */
function runFinder(map: RowMap, size: ImageSize): (row: number, count: number) => number | undefined {
  const { width } = size;
  const x = new Float64Array(PART);
  const y = new Float64Array(PART);
  /** The first or the last pixel of a part that is on the source; -1: none. */
  const end = (row: number, from: number, length: number, isFirst: boolean): number => {
    map(row, from, 1, length, x, y);
    for (let k = 0; k < length; k++) {
      const i = isFirst ? k : length - 1 - k;
      if (isInside(x[i]!, y[i]!, size)) return from + i;
    }
    return -1;
  };
  return (row, count) => {
    if (count === width) return 0;
    let first = -1;
    for (let from = 0; from < width && first < 0; from += PART)
      first = end(row, from, Math.min(PART, width - from), true);
    let last = -1;
    for (let until = width; until > 0 && last < 0; until -= PART) {
      const from = Math.max(0, until - PART);
      last = end(row, from, until - from, false);
    }
    return last - first + 1 === count ? first : undefined;
  };
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
