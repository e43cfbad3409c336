// AssemblyScript source of the kernel that converts values to grey levels.
// scripts/build-kernels.mjs compiles it.
// The result is that of (value - vmin) / span, clipped to 0..1, times 255, truncated, in float64.

import { above, areSure, clip, highest, level, lowest, offMiddle, storeLevels, wholeBits } from "./level-steps.as";

/** Beyond this, float32 could overflow in an intermediate result. */
const LARGE: f64 = 1e30;

/** Levels of values one by one; returns how many are not finite. */
function each<T>(values: usize, count: i32, vmin: f64, span: f64, out: usize): i32 {
  let missing = 0;
  for (let i = 0; i < count; i++) {
    const value = <f64>load<T>(values + (<usize>i << alignof<T>()));
    missing += <i32>(value - value != 0);
    store<u8>(out + i, level(value, vmin, span));
  }
  return missing;
}

/** Levels of `count` float64 values; returns how many are not finite. */
export function levels64(values: usize, count: i32, vmin: f64, span: f64, out: usize): i32 {
  return each<f64>(values, count, vmin, span, out);
}

/** Positions of four values on the scale of levels. */
// @ts-ignore: decorator
@inline
function place(value: v128, base: v128, factor: v128, low: v128, high: v128): v128 {
  return clip(f32x4.mul(f32x4.sub(value, base), factor), low, high);
}

/**
 * Distances of the positions of four values from the middle between two steps; NaN where a value is
 * not finite.
 */
// @ts-ignore: decorator
@inline
function offIfFinite(value: v128, y: v128, lifted: v128, up: v128): v128 {
  return f32x4.add(offMiddle(y, lifted, up), f32x4.sub(value, value));
}

/**
 * Bound of the errors of rounding vmin, the difference, the factor and the product to float32, with
 * a generous margin; NaN where float32 could overflow.
 */
// @ts-ignore: decorator
@inline
function errorBound(vmin: f64, span: f64): f64 {
  if (abs(vmin) > LARGE || span > LARGE || span < 1 / LARGE) return f64.NaN;
  return (abs(vmin) * (255.0 / span) + 256.0) * <f64>4.76837158203125e-7;
}

/** Levels of `count` float32 values; returns how many are not finite. */
export function levels32(values: usize, count: i32, vmin: f64, span: f64, out: usize): i32 {
  const bound = errorBound(vmin, span);
  if (!(bound < 0.125)) return each<f32>(values, count, vmin, span, out);
  const base = f32x4.splat(<f32>vmin);
  const factor = f32x4.splat(<f32>(255.0 / span));
  const limit = f32x4.splat(0.5 - <f32>bound);
  const low = lowest();
  const high = highest();
  const up = above();
  const bits = wholeBits();
  const whole = count & ~15;
  let missing = 0;
  for (let i = 0; i < whole; i += 16) {
    const from = values + (<usize>i << 2);
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    const ya = place(a, base, factor, low, high);
    const yb = place(b, base, factor, low, high);
    const yc = place(c, base, factor, low, high);
    const yd = place(d, base, factor, low, high);
    const za = f32x4.add(ya, up);
    const zb = f32x4.add(yb, up);
    const zc = f32x4.add(yc, up);
    const zd = f32x4.add(yd, up);
    if (
      areSure(
        offIfFinite(a, ya, za, up),
        offIfFinite(b, yb, zb, up),
        offIfFinite(c, yc, zc, up),
        offIfFinite(d, yd, zd, up),
        limit,
      )
    ) {
      storeLevels(out + i, za, zb, zc, zd, bits);
    } else {
      missing += each<f32>(from, 16, vmin, span, out + i);
    }
  }
  return missing + each<f32>(values + (<usize>whole << 2), count - whole, vmin, span, out + whole);
}

/** Four integers of 16 bits, and the offset, as float32, which represents them exactly. */
// @ts-ignore: decorator
@inline
function floats(integers: v128, offset: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.add(integers, offset));
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
  const limit = f32x4.splat(0.5 - <f32>bound);
  const low = lowest();
  const high = highest();
  const up = above();
  const bits = wholeBits();
  const offsets = i32x4.splat(offset);
  const whole = bound < 0.125 ? count & ~15 : 0;
  let from = values;
  let i = 0;
  for (; i < whole; i += 16, from += 32) {
    const left = v128.load(from);
    const right = v128.load(from, 16);
    const a = place(floats(i32x4.extend_low_i16x8_s(left), offsets), base, factor, low, high);
    const b = place(floats(i32x4.extend_high_i16x8_s(left), offsets), base, factor, low, high);
    const c = place(floats(i32x4.extend_low_i16x8_s(right), offsets), base, factor, low, high);
    const d = place(floats(i32x4.extend_high_i16x8_s(right), offsets), base, factor, low, high);
    const za = f32x4.add(a, up);
    const zb = f32x4.add(b, up);
    const zc = f32x4.add(c, up);
    const zd = f32x4.add(d, up);
    if (areSure(offMiddle(a, za, up), offMiddle(b, zb, up), offMiddle(c, zc, up), offMiddle(d, zd, up), limit))
      storeLevels(out + i, za, zb, zc, zd, bits);
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
