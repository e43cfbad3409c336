// AssemblyScript source of the kernel that samples a frame. scripts/build-kernels.mjs compiles it.
// The twin in TypeScript (sample-plain.ts) does the same operations in the same order, so that both
// give the same bits.

const NEAREST: i32 = 0;
const BILINEAR: i32 = 1;
const CUBIC: i32 = 2;

/** Weights of the taps along x and y, at most 6 each. */
const WX: usize = memory.data(48);
const WY: usize = memory.data(48);

/** The polynomial of degree 5 with coefficients c[0..5]. */
// @ts-ignore: decorator
@inline
function polynomial(c: usize, t: f64): f64 {
  return load<f64>(c) +
    t * (load<f64>(c, 8) +
      t * (load<f64>(c, 16) + t * (load<f64>(c, 24) + t * (load<f64>(c, 32) + t * load<f64>(c, 40)))));
}

/**
 * Values at t = first + i * step, i = 0 .. count-1, of three polynomials of degree 5, whose
 * coefficients follow each other.
 */
export function placeRow(
  coefficients: usize,
  first: f64,
  step: f64,
  count: i32,
  xs: usize,
  ys: usize,
  areas: usize,
): void {
  for (let i = 0; i < count; i++) {
    const t = first + <f64>i * step;
    const at = <usize>i << 3;
    store<f64>(xs + at, polynomial(coefficients, t));
    store<f64>(ys + at, polynomial(coefficients + 48, t));
    store<f64>(areas + at, polynomial(coefficients + 96, t));
  }
}

/** sin(pi t / 3) for |t| <= 1.5, by its series. */
// @ts-ignore: decorator
@inline
function sinThird(t: f64): f64 {
  const x = t * 1.0471975511965976;
  const z = x * x;
  return x *
    (1 +
      z * (-0.16666666666666666 +
        z * (0.008333333333333333 +
          z * (-0.0001984126984126984 +
            z * (0.0000027557319223985893 +
              z * (-2.505210838544172e-8 +
                z * (1.6059043836821616e-10 +
                  z * (-7.647163731819816e-13 +
                    z * (2.811457254345521e-15 + z * -8.22063524662433e-18)))))))));
}

/** Lanczos-3 without its factor sin(pi d), which all taps share apart from their sign. */
function lanczosPart(t: f64): f64 {
  const a = abs(t);
  const s = a > 1.5 ? sinThird(3 - a) : sinThird(a);
  return (t < 0 ? -s : s) / (t * t);
}

/** Writes the weights for a position d (0 < d < 1) between two pixels; returns their number. */
function weightsOf(kind: i32, d: f64, out: usize): i32 {
  if (kind === CUBIC) {
    store<f64>(out, ((-0.5 * d + 1) * d - 0.5) * d);
    store<f64>(out, (1.5 * d - 2.5) * d * d + 1, 8);
    store<f64>(out, ((-1.5 * d + 2) * d + 0.5) * d, 16);
    store<f64>(out, (0.5 * d - 0.5) * d * d, 24);
    return 4;
  }
  let sum: f64 = 0;
  for (let k = 0; k < 6; k++) {
    const part = lanczosPart(d - <f64>(k - 2));
    const weight = (k & 1) === 0 ? part : -part;
    store<f64>(out + (<usize>k << 3), weight);
    sum += weight;
  }
  for (let k = 0; k < 6; k++) {
    const at = out + (<usize>k << 3);
    store<f64>(at, load<f64>(at) / sum);
  }
  return 6;
}

/** The sum of count weighted values of a row: those at even places, then those at odd places. */
// @ts-ignore: decorator
@inline
function rowSum(row: usize, count: i32): f64 {
  let even: f64 = 0;
  let odd: f64 = 0;
  for (let k = 0; k < count; k += 2) {
    even += load<f64>(row + (<usize>k << 3)) * load<f64>(WX + (<usize>k << 3));
    if (k + 1 < count) odd += load<f64>(row + (<usize>k << 3), 8) * load<f64>(WX + (<usize>k << 3), 8);
  }
  return even + odd;
}

/** As rowSum for the four taps of the cubic kernel. */
// @ts-ignore: decorator
@inline
function cubicRow(row: usize, near: v128, far: v128): f64 {
  const sums = f64x2.add(f64x2.mul(v128.load(row), near), f64x2.mul(v128.load(row, 16), far));
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** The value at (x, y); NaN where a pixel with weight is outside the frame or has no value. */
function sample(kind: i32, data: usize, width: i32, height: i32, x: f64, y: f64): f64 {
  if (!(x > -1 && y > -1 && x < <f64>width && y < <f64>height)) return f64.NaN;
  if (kind === NEAREST) {
    const column = <i32>floor(x + 0.5);
    const row = <i32>floor(y + 0.5);
    if (column < 0 || row < 0 || column >= width || row >= height) return f64.NaN;
    return load<f64>(data + ((<usize>row * <usize>width + <usize>column) << 3));
  }
  const column = <i32>floor(x);
  const row = <i32>floor(y);
  const dx = x - floor(x);
  const dy = y - floor(y);
  const before = kind === BILINEAR ? 0 : kind === CUBIC ? 1 : 2;
  const left = dx > 0 ? column - before : column;
  const right = dx > 0 ? column + before + 1 : column;
  const first = dy > 0 ? row - before : row;
  const last = dy > 0 ? row + before + 1 : row;
  if (left < 0 || first < 0 || right >= width || last >= height) return f64.NaN;
  const stride = <usize>width << 3;
  let from = data + ((<usize>first * <usize>width + <usize>left) << 3);
  if (kind === BILINEAR) {
    let sum: f64 = load<f64>(from) * (1 - dy) * (1 - dx);
    if (dx > 0) sum += load<f64>(from, 8) * (1 - dy) * dx;
    if (dy > 0) {
      sum += load<f64>(from + stride) * dy * (1 - dx);
      if (dx > 0) sum += load<f64>(from + stride, 8) * dy * dx;
    }
    return sum;
  }
  let columns = 1;
  let rows = 1;
  store<f64>(WX, 1);
  store<f64>(WY, 1);
  if (dx > 0) columns = weightsOf(kind, dx, WX);
  if (dy > 0) rows = weightsOf(kind, dy, WY);
  if (columns === 4 && rows === 4) {
    const near = v128.load(WX);
    const far = v128.load(WX, 16);
    let sum = cubicRow(from, near, far) * load<f64>(WY);
    sum += cubicRow(from + stride, near, far) * load<f64>(WY, 8);
    sum += cubicRow(from + 2 * stride, near, far) * load<f64>(WY, 16);
    sum += cubicRow(from + 3 * stride, near, far) * load<f64>(WY, 24);
    return sum;
  }
  let sum: f64 = rowSum(from, columns) * load<f64>(WY);
  for (let k = 1; k < rows; k++) {
    from += stride;
    sum += rowSum(from, columns) * load<f64>(WY + (<usize>k << 3));
  }
  return sum;
}

/**
 * Writes gain * areas[i] * (value at (xs[i], ys[i]) - background there) of a frame of float64; the
 * background is b0 + bx x + by y.
 */
export function sampleRow(
  kind: i32,
  data: usize,
  width: i32,
  height: i32,
  xs: usize,
  ys: usize,
  areas: usize,
  count: i32,
  b0: f64,
  bx: f64,
  by: f64,
  gain: f64,
  out: usize,
): void {
  for (let i = 0; i < count; i++) {
    const at = <usize>i << 3;
    const x = load<f64>(xs + at);
    const y = load<f64>(ys + at);
    const value = sample(kind, data, width, height, x, y);
    store<f64>(out + at, gain * load<f64>(areas + at) * (value - (b0 + bx * x + by * y)));
  }
}
