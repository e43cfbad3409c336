/**
 * How a frame is sampled between its pixels. `cubic` is the cubic convolution of Keys (1981) with a
 * = -1/2; `lanczos3` is separable, with weights that sum to 1.
 */
export const INTERPOLATIONS = ["nearest", "bilinear", "cubic", "lanczos3"] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

/** Pixels on either side of a position that an interpolation may need. */
export const INTERPOLATION_REACH: Readonly<Record<Interpolation, number>> = {
  nearest: 1,
  bilinear: 1,
  cubic: 2,
  lanczos3: 3,
};

/** A frame's pixels, row 0 first, NaN where there is no value. */
export interface SampledFrame {
  readonly data: Float64Array;
  readonly width: number;
  readonly height: number;
}

/** A background b0 + bx x + by y at the pixel (x, y), counted from 0. */
export type Plane = readonly [b0: number, bx: number, by: number];

/** Positions of a row of the stack in a frame (from 0), and the areas of its pixels there. */
export interface RowPlaces {
  /** Pixels of the frame. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** Pixels of the frame in a pixel of the stack. */
  readonly areas: Float64Array;
}

/** How a frame is sampled, its background, and the factor of its values without it. */
export interface Sampling {
  readonly kind: Interpolation;
  readonly background: Plane;
  readonly gain: number;
}

const WX = new Float64Array(6);
const WY = new Float64Array(6);

/**
 * Values at t = first + i * step of three polynomials of degree 5, whose coefficients are
 * consecutive. The twin of the kernel.
 */
export function placeRowPlain(
  coefficients: Float64Array,
  first: number,
  step: number,
  count: number,
  { xs, ys, areas }: RowPlaces,
): void {
  for (let i = 0; i < count; i++) {
    const t = first + i * step;
    xs[i] = polynomial(coefficients, 0, t);
    ys[i] = polynomial(coefficients, 6, t);
    areas[i] = polynomial(coefficients, 12, t);
  }
}

function polynomial(c: Float64Array, k: number, t: number): number {
  return c[k]! + t * (c[k + 1]! + t * (c[k + 2]! + t * (c[k + 3]! + t * (c[k + 4]! + t * c[k + 5]!))));
}

/**
 * Writes gain * areas[i] * (value at (xs[i], ys[i]) - background there) into `out`: NaN where a
 * pixel with weight is outside the frame or has no value. Returns the number of values, which are
 * not NaN. The twin of the kernel.
 */
export function sampleRowPlain(
  frame: SampledFrame,
  { xs, ys, areas }: RowPlaces,
  count: number,
  { kind, background, gain }: Sampling,
  out: Float64Array,
): number {
  const [b0, bx, by] = background;
  let n = 0;
  for (let i = 0; i < count; i++) {
    const x = xs[i]!;
    const y = ys[i]!;
    const value = gain * areas[i]! * (sample(kind, frame, x, y) - (b0 + bx * x + by * y));
    if (!Number.isNaN(value)) n++;
    out[i] = value;
  }
  return n;
}

function sample(kind: Interpolation, { data, width, height }: SampledFrame, x: number, y: number): number {
  if (!(x > -1 && y > -1 && x < width && y < height)) return Number.NaN;
  if (kind === "nearest") {
    const column = Math.floor(x + 0.5);
    const row = Math.floor(y + 0.5);
    if (column < 0 || row < 0 || column >= width || row >= height) return Number.NaN;
    return data[row * width + column]!;
  }
  const column = Math.floor(x);
  const row = Math.floor(y);
  const dx = x - column;
  const dy = y - row;
  // at the center of a pixel, its neighbors have no weight
  const before = INTERPOLATION_REACH[kind] - 1;
  const left = dx > 0 ? column - before : column;
  const right = dx > 0 ? column + before + 1 : column;
  const first = dy > 0 ? row - before : row;
  const last = dy > 0 ? row + before + 1 : row;
  if (left < 0 || first < 0 || right >= width || last >= height) return Number.NaN;
  let from = first * width + left;
  if (kind === "bilinear") {
    // the order of operations of scipy.ndimage.map_coordinates
    let sum = data[from]! * (1 - dy) * (1 - dx);
    if (dx > 0) sum += data[from + 1]! * (1 - dy) * dx;
    if (dy > 0) {
      sum += data[from + width]! * dy * (1 - dx);
      if (dx > 0) sum += data[from + width + 1]! * dy * dx;
    }
    return sum;
  }
  const columns = dx > 0 ? weightsOf(kind, dx, WX) : alone(WX);
  const rows = dy > 0 ? weightsOf(kind, dy, WY) : alone(WY);
  let sum = rowSum(data, from, columns) * WY[0]!;
  for (let k = 1; k < rows; k++) {
    from += width;
    sum += rowSum(data, from, columns) * WY[k]!;
  }
  return sum;
}

function alone(weights: Float64Array): number {
  weights[0] = 1;
  return 1;
}

/** Writes the weights for a position d (0 < d < 1) between two pixels; returns their number. */
function weightsOf(kind: Interpolation, d: number, out: Float64Array): number {
  if (kind === "cubic") {
    out[0] = ((-0.5 * d + 1) * d - 0.5) * d;
    out[1] = (1.5 * d - 2.5) * d * d + 1;
    out[2] = ((-1.5 * d + 2) * d + 0.5) * d;
    out[3] = (0.5 * d - 0.5) * d * d;
    return 4;
  }
  let sum = 0;
  for (let k = 0; k < 6; k++) {
    const part = lanczosPart(d - (k - 2));
    const weight = (k & 1) === 0 ? part : -part;
    out[k] = weight;
    sum += weight;
  }
  for (let k = 0; k < 6; k++) out[k]! /= sum;
  return 6;
}

/** Lanczos-3 without its factor sin(pi d), which all taps share apart from their sign. */
function lanczosPart(t: number): number {
  const a = Math.abs(t);
  const s = a > 1.5 ? sinThird(3 - a) : sinThird(a);
  return (t < 0 ? -s : s) / (t * t);
}

/** sin(pi t / 3) for |t| <= 1.5, by its series: engines differ in the last bit of Math.sin. */
function sinThird(t: number): number {
  const x = t * 1.0471975511965976;
  const z = x * x;
  let sum = -8.22063524662433e-18;
  for (const term of SERIES) sum = term + z * sum;
  return x * sum;
}

const SERIES = [
  2.811457254345521e-15, -7.647163731819816e-13, 1.6059043836821616e-10, -2.505210838544172e-8,
  0.0000027557319223985893, -0.0001984126984126984, 0.008333333333333333, -0.16666666666666666, 1,
] as const;

/** The sum of weighted values of a row: those at even positions, then those at odd ones. */
function rowSum(data: Float64Array, from: number, count: number): number {
  let even = 0;
  let odd = 0;
  for (let k = 0; k < count; k += 2) {
    even += data[from + k]! * WX[k]!;
    if (k + 1 < count) odd += data[from + k + 1]! * WX[k + 1]!;
  }
  return even + odd;
}
