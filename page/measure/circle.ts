/** Values of pixels: NaN where there is none. */
export type ValueAt = (x: number, y: number) => number;

/** A circle on a frame, with an annulus of sky around it. All in pixels, the center from 0. */
export interface Aperture {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly inner: number;
  readonly outer: number;
}

/** Measurements in a circle. A pixel counts if its center is within the radius. */
export interface CircleMeasurement {
  /** Number of pixels with a value, and without one. */
  readonly pixels: number;
  readonly missing: number;
  /** Values of the pixels that have one, in no particular order. */
  readonly values: readonly number[];
  readonly sum: number;
  readonly mean: number;
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Median of the annulus, and its standard deviation as 1.4826 MAD; NaN if it has no values. */
  readonly sky: number;
  readonly skySigma: number;
  readonly skyPixels: number;
  /**
   * The sum above the sky, and its standard deviation from the noise of the sky alone; NaN if the
   * annulus has no values.
   */
  readonly flux: number;
  readonly fluxError: number;
  /**
   * The centroid of the light above the sky, pixels from 0; undefined if nothing is above the sky,
   * or the annulus has no values.
   */
  readonly centroid: { readonly x: number; readonly y: number } | undefined;
}

const MAD_TO_SIGMA = 1.4826;
/** Variance of the median of many normal deviates, relative to that of their mean. */
const MEDIAN_VARIANCE = Math.PI / 2;
const ROUNDS = 10;
/** A centroid has converged when it moves by less than this, pixels. */
const CONVERGED = 1e-4;

/** Measures a circle. */
export function measureCircle(valueAt: ValueAt, aperture: Aperture): CircleMeasurement {
  const { x, y, radius, inner, outer } = aperture;
  const around = within(valueAt, x, y, inner, outer);
  const sky = median(around.values);
  const skySigma = MAD_TO_SIGMA * median(around.values.map((value) => Math.abs(value - sky)));
  const { values, missing } = within(valueAt, x, y, -1, radius);
  const sum = values.reduce((total, value) => total + value, 0);
  const n = values.length;
  return {
    pixels: n,
    ...{ missing, values, sum, sky, skySigma },
    mean: sum / n,
    median: median(values),
    minimum: n === 0 ? Number.NaN : values.reduce((a, b) => Math.min(a, b)),
    maximum: n === 0 ? Number.NaN : values.reduce((a, b) => Math.max(a, b)),
    skyPixels: around.values.length,
    flux: sum - n * sky,
    // the noise of the pixels, plus that of the sky's median, which is subtracted n times
    fluxError: skySigma * Math.sqrt(n + (MEDIAN_VARIANCE * n * n) / around.values.length),
    centroid: centroid(valueAt, aperture, sky, skySigma),
  };
}

/**
 * The centroid of the light more than 2 sigma above the sky, within a circle that follows it until
 * it converges.
 */
function centroid(
  valueAt: ValueAt,
  { x: x0, y: y0, radius }: Aperture,
  sky: number,
  sigma: number,
): { x: number; y: number } | undefined {
  let [x, y] = [x0, y0];
  for (let round = 0; round < ROUNDS; round++) {
    let [light, sx, sy] = [0, 0, 0];
    eachWithin(x, y, -1, radius, (px, py) => {
      const above = valueAt(px, py) - sky;
      if (!(above > 2 * sigma)) return;
      light += above;
      sx += above * (px - x);
      sy += above * (py - y);
    });
    if (!(light > 0)) return undefined;
    const moved = Math.hypot(sx, sy) / light;
    x += sx / light;
    y += sy / light;
    if (Math.hypot(x - x0, y - y0) > radius) return undefined;
    if (moved < CONVERGED) break;
  }
  return { x, y };
}

function eachWithin(
  x: number,
  y: number,
  inner: number,
  outer: number,
  visit: (px: number, py: number) => void,
): void {
  for (let py = Math.ceil(y - outer); py <= y + outer; py++) {
    for (let px = Math.ceil(x - outer); px <= x + outer; px++) {
      const distance = Math.hypot(px - x, py - y);
      if (distance <= outer && distance >= inner) visit(px, py);
    }
  }
}

function within(
  valueAt: ValueAt,
  x: number,
  y: number,
  inner: number,
  outer: number,
): { values: number[]; missing: number } {
  const values: number[] = [];
  let missing = 0;
  eachWithin(x, y, inner, outer, (px, py) => {
    const value = valueAt(px, py);
    if (Number.isFinite(value)) values.push(value);
    else missing++;
  });
  return { values, missing };
}

/**
 * For an even number of values, the mean of the two in the middle, as numpy.median; NaN for none.
 */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  return n % 2 === 1 ? sorted[(n - 1) / 2]! : (sorted[n / 2 - 1]! + sorted[n / 2]!) / 2;
}
