// AssemblyScript source of the dequantization kernel (FITS 4.0, 10.2). scripts/build-kernels.mjs
// compiles it together with rice.as.ts.
// All arithmetic of floats is float64, in the order of the C library, with one rounding at the end:
// the results are identical bit by bit.

import { beginRuns, EXACT_ZERO, nextRun, runCount, runDither, runOffset } from "./dither.as";

// @ts-ignore: decorator
@inline
function put2<T>(out: usize, value: v128, blank: v128, zero: v128): void {
  if (sizeof<T>() == 4) {
    const nan = f32x4.splat(f32.NaN);
    v128.store64_lane(
      out,
      v128.andnot(v128.bitselect(nan, f32x4.demote_f64x2_zero(value), blank), zero),
      0,
    );
  } else {
    const nan = f64x2.splat(f64.NaN);
    v128.store(
      out,
      v128.andnot(
        v128.bitselect(nan, value, i64x2.extend_low_i32x4_s(blank)),
        i64x2.extend_low_i32x4_s(zero),
      ),
    );
  }
}

/**
 * The current tile: factor and offset of its integers, and the integers that mean no value or 0, if
 * any.
 */
let scale: f64 = 1;
let zero: f64 = 0;
let blanks: bool = false;
let blank: i32 = 0;
let zeros: bool = false;

/**
 * Converts `count` integers with as many consecutive deviates; works in pairs, so one float may be
 * written after the last.
 */
function run<T>(ints: usize, out: usize, count: i32, dither: usize): void {
  const scales = f64x2.splat(scale);
  const offsets = f64x2.splat(zero);
  const halves = f64x2.splat(0.5);
  const blankValue = i32x4.splat(blank);
  const blankMask = i32x4.splat(blanks ? -1 : 0);
  const zeroValue = i32x4.splat(EXACT_ZERO);
  const zeroMask = i32x4.splat(zeros ? -1 : 0);
  for (let i = 0; i < count; i += 2) {
    const n = v128.load64_zero(ints + (<usize>i << 2));
    let value = f64x2.convert_low_i32x4_s(n);
    if (dither != 0) {
      const r = f64x2.promote_low_f32x4(v128.load64_zero(dither + (<usize>i << 2)));
      value = f64x2.add(f64x2.sub(value, r), halves);
    }
    value = f64x2.add(f64x2.mul(value, scales), offsets);
    const isBlank = v128.and(i32x4.eq(n, blankValue), blankMask);
    const isZero = v128.and(v128.andnot(i32x4.eq(n, zeroValue), isBlank), zeroMask);
    put2<T>(out + (<usize>i << alignof<T>()), value, isBlank, isZero);
  }
}

/**
 * Converts integers `first` to `end` of a row, the first of them at `ints`, into floats of
 * 2^`shift` bytes from `out` on: 8 or 4.
 * `table` has the deviates as float32, or is 0 when the row was not dithered; `seed` is the tile
 * number modulo 10 000. `hasZeros`: exact zeros are marked (method 2).
 */
export function dequantize(
  ints: usize,
  out: usize,
  first: i32,
  end: i32,
  shift: i32,
  tileScale: f64,
  tileZero: f64,
  table: usize,
  seed: i32,
  hasBlanks: bool,
  blankValue: i32,
  hasZeros: bool,
): void {
  scale = tileScale;
  zero = tileZero;
  blanks = hasBlanks;
  blank = blankValue;
  zeros = hasZeros;
  beginRuns(first, end, table, seed);
  while (nextRun()) {
    const from = ints + (runOffset << 2);
    if (shift == 3) run<f64>(from, out + (runOffset << 3), runCount, runDither);
    else run<f32>(from, out + (runOffset << 2), runCount, runDither);
  }
}
