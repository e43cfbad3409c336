import type { RowMap } from "@sbnsis/wcs";

/** First row and number of rows. */
export interface RowRange {
  readonly start: number;
  readonly count: number;
}

/** Pixels between sampled positions of a border: the nodes of gridMap, which are cheap. */
const SAMPLE_STEP = 32;

/**
 * The rows of the source needed for rows y0 .. y1-1 of the picture.
 * A map of the sky is continuous and one to one, so the extreme positions are on the border of the
 * band. The border is sampled every SAMPLE_STEP pixels; its curvature between samples, and a row
 * for positions between two pixels, is added on both sides. If a part of the border has no position
 * in the source, this may not hold: the result is all rows.
 * @param width width of the picture
 * @param height height of the source
 */
export function sourceRows(map: RowMap, width: number, height: number, y0: number, y1: number): RowRange {
  const outX = new Float64Array(1);
  const outY = new Float64Array(1);
  const look = (x: number, y: number): number => {
    map(y, x, 1, 1, outX, outY);
    return outY[0]!;
  };
  const lines = [
    linePlaces(width, (x) => look(x, y0)),
    linePlaces(width, (x) => look(x, y1 - 1)),
    linePlaces(y1 - y0, (y) => look(0, y0 + y)),
    linePlaces(y1 - y0, (y) => look(width - 1, y0 + y)),
  ];
  const low = Math.min(...lines.map((line) => line.low));
  const high = Math.max(...lines.map((line) => line.high));
  const bend = Math.max(...lines.map((line) => line.bend));
  if (Number.isNaN(low + high + bend)) return { start: 0, count: height };
  const start = Math.min(height, Math.max(0, Math.floor(low - bend) - 1));
  const end = Math.min(height, Math.max(0, Math.ceil(high + bend) + 2));
  return { start, count: Math.max(0, end - start) };
}

/**
 * Lowest and highest of the positions along a line, and its curvature between samples; NaN when one
 * of them does not exist.
 */
function linePlaces(length: number, at: (i: number) => number): { low: number; high: number; bend: number } {
  const step = Math.max(1, Math.min(SAMPLE_STEP, length >> 2));
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let bend = 0;
  let before = 0;
  let last = 0;
  for (let i = 0; i < length; i += step) {
    const place = at(i);
    // an eighth would suffice for a parabola
    if (i >= 2 * step) bend = Math.max(bend, Math.abs(place - 2 * last + before));
    low = Math.min(low, place);
    high = Math.max(high, place);
    before = last;
    last = place;
  }
  const end = at(length - 1);
  return { low: Math.min(low, end), high: Math.max(high, end), bend };
}
