/**
 * The coefficients of a tile, in rows of `stride`: means, slopes and curvatures of each level in
 * their quadrants.
 */
export interface Coefficients {
  readonly values: Float64Array;
  readonly stride: number;
}

/**
 * Moves the differences of one level towards the values interpolated from the surrounding means, by
 * at most half the scale (SMOOTH of FITS 4.0, 10.4.4).
 * A row of `means` has half of `columns`, rounded up. Changes the coefficients.
 */
export function smoothDifferences(
  means: Float64Array,
  { values, stride }: Coefficients,
  rows: number,
  columns: number,
  scale: number,
): void {
  const most = Math.floor(scale / 2);
  if (most <= 0) return;
  const [r, c] = [(rows + 1) >> 1, (columns + 1) >> 1];
  const [xAt, yAt, cAt] = [r * stride, c, r * stride + c];
  const level = { means, row: c, values, most };
  for (let i = 1; 2 * i < rows - 2; i++) {
    for (let j = 0; j < c; j++) smoothSlope(level, i * c + j, c, xAt + i * stride + j);
  }
  for (let i = 0; i < r; i++) {
    for (let j = 1; 2 * j < columns - 2; j++) smoothSlope(level, i * c + j, 1, yAt + i * stride + j);
  }
  for (let i = 1; 2 * i < rows - 2; i++) {
    for (let j = 1; 2 * j < columns - 2; j++) {
      const at = i * stride + j;
      smoothCurvature(level, i * c + j, cAt + at, 2 * values[xAt + at]!, 2 * values[yAt + at]!);
    }
  }
}

/** What one level is smoothed with. */
interface Level {
  readonly means: Float64Array;
  /** Means in a row. */
  readonly row: number;
  /** Coefficients, which change by `most` at most. */
  readonly values: Float64Array;
  readonly most: number;
}

/**
 * Slope of the means at m, from those `step` before and after, kept monotonic; a slope is an eighth
 * of their difference.
 */
function smoothSlope({ means, values, most }: Level, m: number, step: number, at: number): void {
  const before = means[m - step]!;
  const after = means[m + step]!;
  const up = after - means[m]!;
  const down = means[m]! - before;
  const highest = 4 * Math.max(Math.min(up, down), 0);
  const lowest = 4 * Math.min(Math.max(up, down), 0);
  if (lowest >= highest) return;
  const slope = values[at]!;
  const change = Math.trunc((clamp(after - before, lowest, highest) - 8 * slope) / 8);
  values[at] = slope + clamp(change, -most, most);
}

/**
 * As smoothSlope, for the difference of differences, a sixty-fourth; `x2` and `y2` are twice the
 * slopes there.
 */
function smoothCurvature(
  { means, row, values, most }: Level,
  m: number,
  at: number,
  x2: number,
  y2: number,
): void {
  const h0 = means[m]!;
  const mm = means[m - row - 1]!;
  const pm = means[m + row - 1]!;
  const mp = means[m - row + 1]!;
  const pp = means[m + row + 1]!;
  const highest =
    16 *
    Math.min(
      Math.max(pp - h0, 0) - x2 - y2,
      Math.max(h0 - pm, 0) + x2 - y2,
      Math.max(h0 - mp, 0) - x2 + y2,
      Math.max(mm - h0, 0) + x2 + y2,
    );
  const lowest =
    16 *
    Math.max(
      Math.min(pp - h0, 0) - x2 - y2,
      Math.min(h0 - pm, 0) + x2 - y2,
      Math.min(h0 - mp, 0) - x2 + y2,
      Math.min(mm - h0, 0) + x2 + y2,
    );
  if (lowest >= highest) return;
  const curvature = values[at]!;
  const change = Math.trunc((clamp(pp + mm - mp - pm, lowest, highest) - 64 * curvature) / 64);
  values[at] = curvature + clamp(change, -most, most);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(Math.min(value, most), least);
}
