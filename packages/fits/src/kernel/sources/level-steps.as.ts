// AssemblyScript source of what the kernels that make grey levels share. scripts/build-kernels.mjs compiles it together with those.
// Places on the scale of levels are float32, and may be off by a little: where they are surely on the same side of the next level, their whole part is the level;
// the others are computed one by one.

/**
 * Four of each of these, loaded before a loop: a constant in it would be put together anew in every turn.
 * The lowest and the highest place that vectors look at: half a level off any step; what is below or above has the same level, 0 or 255. 2^23 - 0.5: a place with
 * this added to it is rounded to 2^23 and its whole part, unless it is near a step. The bits of that part.
 */
const LOWEST = memory.data<f32>([0.5]);
const HIGHEST = memory.data<f32>([255.5]);
const ABOVE = memory.data<f32>([8_388_607.5]);
const WHOLE = memory.data<i32>([0xff]);

// @ts-ignore: decorator
@inline
export function lowest(): v128 {
  return v128.load32_splat(LOWEST);
}

// @ts-ignore: decorator
@inline
export function highest(): v128 {
  return v128.load32_splat(HIGHEST);
}

// @ts-ignore: decorator
@inline
export function above(): v128 {
  return v128.load32_splat(ABOVE);
}

// @ts-ignore: decorator
@inline
export function wholeBits(): v128 {
  return v128.load32_splat(WHOLE);
}

/** Level of one value; NaN has 0. */
// @ts-ignore: decorator
@inline
export function level(value: f64, vmin: f64, span: f64): u8 {
  const t = (value - vmin) / span;
  return t >= 1 ? 255 : t > 0 ? <u8>(t * 255) : 0;
}

/** Four places, cut to those that are looked at; NaN stays. */
// @ts-ignore: decorator
@inline
export function clip(y: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(y, low), high);
}

/** How far four clipped places are from the middle between two steps, 0 to 0.5; `lifted` are they with above() added. */
// @ts-ignore: decorator
@inline
export function offMiddle(y: v128, lifted: v128, up: v128): v128 {
  return f32x4.abs(f32x4.sub(y, f32x4.sub(lifted, up)));
}

/** Whether all of sixteen places, by how far they are from the middle, are farther than 0.5 - `limit` from a step. NaN is not. */
// @ts-ignore: decorator
@inline
export function areSure(a: v128, b: v128, c: v128, d: v128, limit: v128): bool {
  const low = v128.and(f32x4.le(a, limit), f32x4.le(b, limit));
  const high = v128.and(f32x4.le(c, limit), f32x4.le(d, limit));
  return i32x4.all_true(v128.and(low, high));
}

/** Stores the levels of sixteen lifted places. */
// @ts-ignore: decorator
@inline
export function storeLevels(out: usize, a: v128, b: v128, c: v128, d: v128, bits: v128): void {
  const first = i16x8.narrow_i32x4_s(v128.and(a, bits), v128.and(b, bits));
  const second = i16x8.narrow_i32x4_s(v128.and(c, bits), v128.and(d, bits));
  v128.store(out, i8x16.narrow_i16x8_u(first, second));
}
