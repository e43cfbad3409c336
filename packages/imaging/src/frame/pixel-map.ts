/**
 * Where the pixels of one row of a picture lie in its source: for i = 0 .. count-1 the centre of pixel (x0 + i * step, y) is at
 * (sourceX[i], sourceY[i]). Both count from 0 at the centre of the lower left pixel. NaN where the source has no such place.
 */
export type RowMap = (
  y: number,
  x0: number,
  step: number,
  count: number,
  sourceX: Float64Array,
  sourceY: Float64Array,
) => void;

/** First row and number of rows. */
export interface RowRange {
  readonly start: number;
  readonly count: number;
}

/** Pixels between the places of a border that are looked at: the nodes of gridMap, which cost little. */
const LOOK = 32;

/**
 * The rows of the source that rows y0 .. y1-1 of the picture need. A map of the sky is continuous and one to one, so what is farthest up
 * and down lies on the border of the band. That is looked at every LOOK pixels; how much it bends there, and a row for what lies between two pixels, is added on
 * both sides. Where a part of the border has no place in the source, that may not be so: all rows.
 *
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

/** Lowest and highest of places along a line, and how much it bends between two that are looked at; NaN where one of them does not exist. */
function linePlaces(length: number, at: (i: number) => number): { low: number; high: number; bend: number } {
  const step = Math.max(1, Math.min(LOOK, length >> 2));
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let bend = 0;
  let before = 0;
  let last = 0;
  for (let i = 0; i < length; i += step) {
    const place = at(i);
    // of a parabola it would be an eighth
    if (i >= 2 * step) bend = Math.max(bend, Math.abs(place - 2 * last + before));
    low = Math.min(low, place);
    high = Math.max(high, place);
    before = last;
    last = place;
  }
  const end = at(length - 1);
  return { low: Math.min(low, end), high: Math.max(high, end), bend };
}
