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

/**
 * The rows of the source that rows y0 .. y1-1 of the picture need. A map of the sky is continuous and one to one, so what is farthest up
 * and down lies on the border of the band; a row is added on both sides for what lies between the pixels there.
 *
 * @param width width of the picture
 * @param height height of the source
 */
export function sourceRows(map: RowMap, width: number, height: number, y0: number, y1: number): RowRange {
  const x = new Float64Array(width);
  const y = new Float64Array(width);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = y0; row < y1; row++) {
    const whole = row === y0 || row === y1 - 1;
    const count = whole ? width : Math.min(2, width);
    map(row, 0, whole ? 1 : Math.max(1, width - 1), count, x, y);
    for (let i = 0; i < count; i++) {
      const at = y[i]!;
      if (at < low) low = at;
      if (at > high) high = at;
    }
  }
  const start = Math.min(height, Math.max(0, Math.floor(low) - 1));
  const end = Math.min(height, Math.max(0, Math.ceil(high) + 2));
  return low <= high ? { start, count: Math.max(0, end - start) } : { start: 0, count: 0 };
}
