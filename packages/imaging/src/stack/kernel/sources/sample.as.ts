// AssemblyScript source of the kernel that samples a frame. scripts/build-kernels.mjs compiles it.
// The twin in TypeScript (sample-plain.ts) does the same operations in the same order, so that both
// give the same bits.

const NEAREST: i32 = 0;
const BILINEAR: i32 = 1;
const CUBIC: i32 = 2;

/** Weights of the taps along x and y, at most 6 each. */
const WX: usize = memory.data(48);
const WY: usize = memory.data(48);

/** The polynomial of degree 5 with coefficients c[0..5], of two numbers. */
// @ts-ignore: decorator
@inline
function polynomial(c: usize, t: v128): v128 {
  let sum = v128.load64_splat(c, 40);
  sum = f64x2.add(v128.load64_splat(c, 32), f64x2.mul(t, sum));
  sum = f64x2.add(v128.load64_splat(c, 24), f64x2.mul(t, sum));
  sum = f64x2.add(v128.load64_splat(c, 16), f64x2.mul(t, sum));
  sum = f64x2.add(v128.load64_splat(c, 8), f64x2.mul(t, sum));
  return f64x2.add(v128.load64_splat(c), f64x2.mul(t, sum));
}

/**
 * Values at t = first + i * step, i = 0 .. count-1, of three polynomials of degree 5, whose
 * coefficients are consecutive.
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
  const firsts = f64x2.splat(first);
  const steps = f64x2.splat(step);
  for (let i = 0; i < count; i += 2) {
    const places = f64x2.replace_lane(f64x2.splat(<f64>i), 1, <f64>(i + 1));
    const t = f64x2.add(firsts, f64x2.mul(places, steps));
    const at = <usize>i << 3;
    const x = polynomial(coefficients, t);
    const y = polynomial(coefficients + 48, t);
    const area = polynomial(coefficients + 96, t);
    if (i + 1 < count) {
      v128.store(xs + at, x);
      v128.store(ys + at, y);
      v128.store(areas + at, area);
    } else {
      v128.store64_lane(xs + at, x, 0);
      v128.store64_lane(ys + at, y, 0);
      v128.store64_lane(areas + at, area, 0);
    }
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

/** The sum of count weighted values of a row: those at even positions, then those at odd ones. */
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

/** Four taps of a row, weighted: the sums of those at even and at odd positions. */
// @ts-ignore: decorator
@inline
function cubicRow(row: usize, near: v128, far: v128): v128 {
  return f64x2.add(f64x2.mul(v128.load(row), near), f64x2.mul(v128.load(row, 16), far));
}

/**
 * The value at a place in the frame by the cubic kernel, given the pixel before it, both counted
 * from 0, and its distances from there, neither of them 0. x and y share vectors.
 */
// @ts-ignore: decorator
@inline
function cubicSample(data: usize, width: i32, column: i32, row: i32, d: v128): f64 {
  const half = f64x2.splat(0.5);
  const w0 = f64x2.mul(
    f64x2.sub(f64x2.mul(f64x2.add(f64x2.mul(f64x2.splat(-0.5), d), f64x2.splat(1)), d), half),
    d,
  );
  const w1 = f64x2.add(
    f64x2.mul(f64x2.mul(f64x2.sub(f64x2.mul(f64x2.splat(1.5), d), f64x2.splat(2.5)), d), d),
    f64x2.splat(1),
  );
  const w2 = f64x2.mul(
    f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(f64x2.splat(-1.5), d), f64x2.splat(2)), d), half),
    d,
  );
  const w3 = f64x2.mul(f64x2.mul(f64x2.sub(f64x2.mul(half, d), half), d), d);
  const near = v128.shuffle<f64>(w0, w1, 0, 2);
  const far = v128.shuffle<f64>(w2, w3, 0, 2);
  const stride = <usize>width << 3;
  const from = data + ((<usize>(row - 1) * <usize>width + <usize>(column - 1)) << 3);
  const first = cubicRow(from, near, far);
  const second = cubicRow(from + stride, near, far);
  const third = cubicRow(from + 2 * stride, near, far);
  const fourth = cubicRow(from + 3 * stride, near, far);
  const lower = f64x2.mul(
    f64x2.add(v128.shuffle<f64>(first, second, 0, 2), v128.shuffle<f64>(first, second, 1, 3)),
    v128.shuffle<f64>(w0, w1, 1, 3),
  );
  const upper = f64x2.mul(
    f64x2.add(v128.shuffle<f64>(third, fourth, 0, 2), v128.shuffle<f64>(third, fourth, 1, 3)),
    v128.shuffle<f64>(w2, w3, 1, 3),
  );
  return f64x2.extract_lane(lower, 0) + f64x2.extract_lane(lower, 1) +
    f64x2.extract_lane(upper, 0) + f64x2.extract_lane(upper, 1);
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
  let sum: f64 = rowSum(from, columns) * load<f64>(WY);
  for (let k = 1; k < rows; k++) {
    from += stride;
    sum += rowSum(from, columns) * load<f64>(WY + (<usize>k << 3));
  }
  return sum;
}

/** Whether both numbers of a pair are true. */
// @ts-ignore: decorator
@inline
function both(pair: v128): bool {
  return v128.all_true<i64>(pair);
}

/**
 * Writes gain * areas[i] * (value at (xs[i], ys[i]) - background there) of a frame of float64; the
 * background is b0 + bx x + by y. Returns the number of values, which are not NaN.
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
): i32 {
  let n = 0;
  // pixels with two others before and after them
  const low = kind === CUBIC ? f64x2.splat(1) : f64x2.splat(f64.NaN);
  const high = f64x2.replace_lane(f64x2.splat(<f64>(width - 3)), 1, <f64>(height - 3));
  const zero = f64x2.splat(0);
  for (let i = 0; i < count; i++) {
    const at = <usize>i << 3;
    const place = v128.load64_lane(ys + at, v128.load64_splat(xs + at), 1);
    const pixel = f64x2.floor(place);
    const d = f64x2.sub(place, pixel);
    const x = f64x2.extract_lane(place, 0);
    const y = f64x2.extract_lane(place, 1);
    let value: f64;
    if (both(v128.and(v128.and(f64x2.ge(pixel, low), f64x2.le(pixel, high)), f64x2.gt(d, zero)))) {
      const whole = i32x4.trunc_sat_f64x2_s_zero(pixel);
      const column = i32x4.extract_lane(whole, 0);
      const row = i32x4.extract_lane(whole, 1);
      value = cubicSample(data, width, column, row, d);
    } else {
      value = sample(kind, data, width, height, x, y);
    }
    value = gain * load<f64>(areas + at) * (value - (b0 + bx * x + by * y));
    n += <i32>(value === value);
    store<f64>(out + at, value);
  }
  return n;
}
