// AssemblyScript source shared by the kernels that make grey levels. scripts/build-kernels.mjs
// compiles it with them.
// Positions on the scale of levels are float32 and may be slightly off: where they are certainly on
// the same side of the next level, their integer part is the level; the others are computed one by
// one.

/**
 * Four of each of these, loaded before a loop: a constant inside it would be rebuilt in every
 * iteration.
 * The lowest and the highest position that vectors consider: half a level off any step; positions
 * beyond them have the same level, 0 or 255. 2^23 - 0.5: adding this to a position rounds the sum
 * to 2^23 plus the integer part, unless the position is near a step. The bits of that part.
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

/** Level of one value; 0 for NaN. */
// @ts-ignore: decorator
@inline
export function level(value: f64, vmin: f64, span: f64): u8 {
  const t = (value - vmin) / span;
  return t >= 1 ? 255 : t > 0 ? <u8>(t * 255) : 0;
}

/** Four positions, clipped to the considered range; NaN stays. */
// @ts-ignore: decorator
@inline
export function clip(y: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(y, low), high);
}

/**
 * Distance of four clipped positions from the middle between two steps, 0 to 0.5; `lifted` are the
 * positions plus above().
 */
// @ts-ignore: decorator
@inline
export function offMiddle(y: v128, lifted: v128, up: v128): v128 {
  return f32x4.abs(f32x4.sub(y, f32x4.sub(lifted, up)));
}

/**
 * Whether all of sixteen positions, given their distances from the middle, are farther than 0.5 -
 * `limit` from a step. False for NaN.
 */
// @ts-ignore: decorator
@inline
export function areSure(a: v128, b: v128, c: v128, d: v128, limit: v128): bool {
  const low = v128.and(f32x4.le(a, limit), f32x4.le(b, limit));
  const high = v128.and(f32x4.le(c, limit), f32x4.le(d, limit));
  return i32x4.all_true(v128.and(low, high));
}

/** Stores the levels of sixteen lifted positions. */
// @ts-ignore: decorator
@inline
export function storeLevels(out: usize, a: v128, b: v128, c: v128, d: v128, bits: v128): void {
  const first = i16x8.narrow_i32x4_s(v128.and(a, bits), v128.and(b, bits));
  const second = i16x8.narrow_i32x4_s(v128.and(c, bits), v128.and(d, bits));
  v128.store(out, i8x16.narrow_i16x8_u(first, second));
}
