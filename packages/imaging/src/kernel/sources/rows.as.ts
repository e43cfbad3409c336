// AssemblyScript source of the kernel that makes grey levels of quantized integers without making
// floats of them first. scripts/build-kernels.mjs compiles it.
// It works in the memory of the kernel that decoded the integers, so that they are not copied, and
// has its few constants below those of that kernel.

import {
  beginRuns,
  EXACT_ZERO,
  nextRun,
  runCount,
  runDither,
  runOffset,
} from "../../../../fits/src/kernel/sources/dither.as";
import { above, areSure, clip, highest, level, lowest, offMiddle, storeLevels, wholeBits } from "./level-steps.as";

/**
 * The current tile: factor and offset of its integers, and the integers that mean no value or 0, if
 * any.
 */
let scale: f64 = 1;
let zero: f64 = 0;
let blanks: bool = false;
let blank: i32 = 0;
let zeros: bool = false;
/** The interval, and whether the floats are float32. */
let vmin: f64 = 0;
let span: f64 = 1;
let single: bool = false;

/** Beyond this, float32 could overflow in an intermediate result. */
const LARGE: f64 = 1e28;
/** Largest relative error of rounding to float32: 2^-24. */
const HALF_ULP: f64 = 5.9604644775390625e-8;

/** Positions of four integers, less their deviates, on the scale of levels. */
// @ts-ignore: decorator
@inline
function place4(n: v128, dither: usize, factor: v128, base: v128, low: v128, high: v128): v128 {
  let value = f32x4.convert_i32x4_s(n);
  if (dither != 0) value = f32x4.sub(value, v128.load(dither));
  return clip(f32x4.add(f32x4.mul(value, factor), base), low, high);
}

/**
 * Levels of `count` integers one by one, from the floats that FITS defines. Returns whether one of
 * them is blank.
 */
function eachLevel(ints: usize, out: usize, count: i32, dither: usize): bool {
  let isBlank = false;
  for (let i = 0; i < count; i++) {
    const n = load<i32>(ints + (<usize>i << 2));
    let value = <f64>n;
    if (dither != 0) value = value - <f64>load<f32>(dither + (<usize>i << 2)) + 0.5;
    value = value * scale + zero;
    if (single) value = <f64>(<f32>value);
    if (zeros && n == EXACT_ZERO) value = 0;
    isBlank = isBlank || (blanks && n == blank);
    store<u8>(out + i, level(value, vmin, span));
  }
  return isBlank;
}

/** Whether one of sixteen integers equals one of two values. */
// @ts-ignore: decorator
@inline
function hasAny(a: v128, b: v128, c: v128, d: v128, one: v128, other: v128): bool {
  const ones = v128.or(
    v128.or(i32x4.eq(a, one), i32x4.eq(b, one)),
    v128.or(i32x4.eq(c, one), i32x4.eq(d, one)),
  );
  const others = v128.or(
    v128.or(i32x4.eq(a, other), i32x4.eq(b, other)),
    v128.or(i32x4.eq(c, other), i32x4.eq(d, other)),
  );
  return v128.any_true(v128.or(ones, others));
}

/**
 * Levels of `count` integers with as many consecutive deviates: (value - vmin) / span of the float
 * that FITS defines for each, clipped to 0..1, times 255, truncated. float32 decides where it is
 * certainly on the same side of the next level. Returns whether this is impossible or there was a
 * blank.
 */
function runLevels(ints: usize, out: usize, count: i32, dither: usize): bool {
  const perUnit = 255.0 / span;
  const factor = scale * perUnit;
  const base = (zero + (dither == 0 ? 0 : 0.5 * scale) - vmin) * perUnit;
  // n, the difference, the factor, the product, and base or the sum are rounded to float32, and so
  // may the float itself be; and all of them to float64
  const rounded = (abs(zero) + abs(vmin) + abs(scale)) * abs(perUnit) * (HALF_ULP * HALF_ULP);
  const bound =
    rounded + ((abs(base) + 256.0) * 5.25 + (single ? (abs(vmin * perUnit) + 256.0) * 1.25 : 0)) * HALF_ULP;
  const isLarge = max(abs(vmin), max(abs(zero), abs(scale))) > LARGE || abs(span) < 1 / LARGE;
  if (isLarge || !(bound < 0.125)) return true;
  const factors = f32x4.splat(<f32>factor);
  const bases = f32x4.splat(<f32>base);
  const limit = f32x4.splat(0.5 - <f32>bound);
  const low = lowest();
  const high = highest();
  const up = above();
  const bits = wholeBits();
  const hasMarks = blanks || zeros;
  const blankMark = i32x4.splat(blanks ? blank : EXACT_ZERO);
  const zeroMark = i32x4.splat(zeros ? EXACT_ZERO : blank);
  const step: usize = dither == 0 ? 0 : 16;
  const whole = count & ~15;
  for (let i = 0; i < whole; i += 16) {
    const from = ints + (<usize>i << 2);
    const deviates: usize = dither == 0 ? 0 : dither + (<usize>i << 2);
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    const ya = place4(a, deviates, factors, bases, low, high);
    const yb = place4(b, deviates + step, factors, bases, low, high);
    const yc = place4(c, deviates + 2 * step, factors, bases, low, high);
    const yd = place4(d, deviates + 3 * step, factors, bases, low, high);
    const za = f32x4.add(ya, up);
    const zb = f32x4.add(yb, up);
    const zc = f32x4.add(yc, up);
    const zd = f32x4.add(yd, up);
    const isSure = areSure(
      offMiddle(ya, za, up),
      offMiddle(yb, zb, up),
      offMiddle(yc, zc, up),
      offMiddle(yd, zd, up),
      limit,
    );
    if (isSure && !(hasMarks && hasAny(a, b, c, d, blankMark, zeroMark)))
      storeLevels(out + i, za, zb, zc, zd, bits);
    else if (eachLevel(from, out + i, 16, deviates)) return true;
  }
  const rest = <usize>whole << 2;
  return eachLevel(ints + rest, out + whole, count - whole, dither == 0 ? 0 : dither + rest);
}

/**
 * Overwrites integers `first` to `end` of a row, the first of them at `ints`, by the grey levels of
 * their floats, one byte each.
 * `table` has the deviates as float32, or is 0 when the row was not dithered; `seed` is the tile
 * number modulo 10 000. `hasZeros`: exact zeros are marked (method 2). The floats are float32 if
 * `isSingle`, otherwise float64.
 * Returns whether levels are impossible, as with a blank; the output is then undefined.
 */
export function rowLevels(
  ints: usize,
  first: i32,
  end: i32,
  tileScale: f64,
  tileZero: f64,
  table: usize,
  seed: i32,
  hasBlanks: bool,
  blankValue: i32,
  hasZeros: bool,
  low: f64,
  range: f64,
  isSingle: bool,
): bool {
  scale = tileScale;
  zero = tileZero;
  blanks = hasBlanks;
  blank = blankValue;
  zeros = hasZeros;
  vmin = low;
  span = range;
  single = isSingle;
  beginRuns(first, end, table, seed);
  while (nextRun()) {
    // a level never overtakes the integers that are still to be read
    if (runLevels(ints + (runOffset << 2), ints + runOffset, runCount, runDither)) return true;
  }
  return false;
}
