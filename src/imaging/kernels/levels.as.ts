// AssemblyScript source of the kernel that turns floats to grey levels. scripts/build-kernels.mjs compiles it.
// What it gives is what (value - vmin) / span, clipped to 0..1, times 255, truncated, gives in float64: float32 arithmetic decides only where it is surely
// on the same side of the next level, the others are computed one by one.

/** Lowest and highest place on the scale of levels that vectors look at: well off any step, and truncated to 0 and 255. */
const LOWEST: f32 = 0.25;
const HIGHEST: f32 = 255.25;
/** Beyond this, float32 could overflow on the way. */
const LARGE: f64 = 1e30;

/** Level of one value; NaN has 0. */
// @ts-ignore: decorator
@inline
function level(value: f64, vmin: f64, span: f64): u8 {
  const t = (value - vmin) / span;
  return t >= 1 ? 255 : t > 0 ? <u8>(t * 255) : 0;
}

/** Levels of values one by one; gives how many are not finite. */
function each<T>(values: usize, count: i32, vmin: f64, span: f64, out: usize): i32 {
  let missing = 0;
  for (let i = 0; i < count; i++) {
    const value = <f64>load<T>(values + (<usize>i << alignof<T>()));
    missing += <i32>(value - value != 0);
    store<u8>(out + i, level(value, vmin, span));
  }
  return missing;
}

/** Levels of `count` float64 values; gives how many are not finite. */
export function levels64(values: usize, count: i32, vmin: f64, span: f64, out: usize): i32 {
  return each<f64>(values, count, vmin, span, out);
}

/** Place of four values on the scale of levels, between LOWEST and HIGHEST. */
// @ts-ignore: decorator
@inline
function place(value: v128, base: v128, factor: v128): v128 {
  const y = f32x4.mul(f32x4.sub(value, base), factor);
  return f32x4.pmin(f32x4.pmax(y, f32x4.splat(LOWEST)), f32x4.splat(HIGHEST));
}

/** Whether four values are finite and their places farther than `tolerance` from a step. */
// @ts-ignore: decorator
@inline
function sure(value: v128, y: v128, tolerance: v128): v128 {
  const off = f32x4.abs(f32x4.sub(y, f32x4.nearest(y)));
  return f32x4.ge(f32x4.add(off, f32x4.sub(value, value)), tolerance);
}

/** Bound of the errors of rounding vmin, the difference, the factor and the product to float32, several times over; NaN where float32 could overflow. */
// @ts-ignore: decorator
@inline
function errorBound(vmin: f64, span: f64): f64 {
  if (abs(vmin) > LARGE || span > LARGE || span < 1 / LARGE) return f64.NaN;
  return (abs(vmin) * (255.0 / span) + 256.0) * <f64>4.76837158203125e-7;
}

/** Levels of sixteen values by their places. */
// @ts-ignore: decorator
@inline
function store16(out: usize, a: v128, b: v128, c: v128, d: v128): void {
  const first = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(a), i32x4.trunc_sat_f32x4_s(b));
  const second = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(c), i32x4.trunc_sat_f32x4_s(d));
  v128.store(out, i8x16.narrow_i16x8_u(first, second));
}

/** Levels of `count` float32 values; gives how many are not finite. */
export function levels32(values: usize, count: i32, vmin: f64, span: f64, out: usize): i32 {
  const bound = errorBound(vmin, span);
  if (!(bound < 0.125)) return each<f32>(values, count, vmin, span, out);
  const base = f32x4.splat(<f32>vmin);
  const factor = f32x4.splat(<f32>(255.0 / span));
  const tolerance = f32x4.splat(<f32>bound);
  const whole = count & ~15;
  let missing = 0;
  for (let i = 0; i < whole; i += 16) {
    const from = values + (<usize>i << 2);
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    const ya = place(a, base, factor);
    const yb = place(b, base, factor);
    const yc = place(c, base, factor);
    const yd = place(d, base, factor);
    const low = v128.and(sure(a, ya, tolerance), sure(b, yb, tolerance));
    const high = v128.and(sure(c, yc, tolerance), sure(d, yd, tolerance));
    if (i32x4.all_true(v128.and(low, high))) {
      store16(out + i, ya, yb, yc, yd);
    } else {
      missing += each<f32>(from, 16, vmin, span, out + i);
    }
  }
  return missing + each<f32>(values + (<usize>whole << 2), count - whole, vmin, span, out + whole);
}

/** Four integers of 16 bits, and the offset, as float32, which holds them exactly. */
// @ts-ignore: decorator
@inline
function floats(integers: v128, offset: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.add(integers, offset));
}

/** Whether the places of four finite values are farther than `tolerance` from a step. */
// @ts-ignore: decorator
@inline
function clear(y: v128, tolerance: v128): v128 {
  return f32x4.ge(f32x4.abs(f32x4.sub(y, f32x4.nearest(y))), tolerance);
}

/** Levels of `count` integers of 16 bits to which `offset` (below 2^23) is added. */
export function levels16(
  values: usize,
  count: i32,
  offset: i32,
  vmin: f64,
  span: f64,
  out: usize,
): void {
  const bound = errorBound(vmin, span);
  const base = f32x4.splat(<f32>vmin);
  const factor = f32x4.splat(<f32>(255.0 / span));
  const tolerance = f32x4.splat(<f32>bound);
  const offsets = i32x4.splat(offset);
  const whole = bound < 0.125 ? count & ~15 : 0;
  let from = values;
  let i = 0;
  for (; i < whole; i += 16, from += 32) {
    const low = v128.load(from);
    const high = v128.load(from, 16);
    const a = place(floats(i32x4.extend_low_i16x8_s(low), offsets), base, factor);
    const b = place(floats(i32x4.extend_high_i16x8_s(low), offsets), base, factor);
    const c = place(floats(i32x4.extend_low_i16x8_s(high), offsets), base, factor);
    const d = place(floats(i32x4.extend_high_i16x8_s(high), offsets), base, factor);
    const sureOfAll = v128.and(
      v128.and(clear(a, tolerance), clear(b, tolerance)),
      v128.and(clear(c, tolerance), clear(d, tolerance)),
    );
    if (i32x4.all_true(sureOfAll)) store16(out + i, a, b, c, d);
    else {
      for (let k = 0; k < 16; k++) {
        const value = <f64>(<i32>load<i16>(from + (k << 1)) + offset);
        store<u8>(out + i + k, level(value, vmin, span));
      }
    }
  }
  for (; i < count; i++, from += 2) {
    store<u8>(out + i, level(<f64>(<i32>load<i16>(from) + offset), vmin, span));
  }
}
