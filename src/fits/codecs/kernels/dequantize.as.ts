// AssemblyScript source of the dequantisation kernel (FITS 4.0, 10.2). scripts/build-kernels.mjs compiles it together with rice.as.ts.
// All arithmetic is float64, in the order of the C library, with one rounding at the end: the results are the same bits.

const TABLE: i32 = 10_000;
const EXACT_ZERO: i32 = -2_147_483_646;

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

/** `count` integers against as many consecutive deviates; works by pairs, so that one float may be written behind the last. */
function run<T>(
  ints: usize,
  out: usize,
  count: i32,
  scale: f64,
  zero: f64,
  dither: usize,
  blanks: bool,
  blank: i32,
  zeros: bool,
): void {
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

/** Four integers, less their deviates, on the scale of bytes: in float32, which is why it may be off by a little. */
// @ts-ignore: decorator
@inline
function place4(n: v128, dither: usize, factor: v128, base: v128): v128 {
  let value = f32x4.convert_i32x4_s(n);
  if (dither != 0) value = f32x4.sub(value, v128.load(dither));
  const y = f32x4.add(f32x4.mul(value, factor), base);
  return i32x4.trunc_sat_f32x4_s(f32x4.pmin(f32x4.pmax(y, f32x4.splat(0)), f32x4.splat(255)));
}

/** `count` integers as bytes, against as many consecutive deviates: truncated, 0 and 255 beyond the ends. Gives whether one of them is blank. */
function runBytes(
  ints: usize,
  out: usize,
  count: i32,
  factor: f32,
  base: f32,
  dither: usize,
  blanks: bool,
  blank: i32,
): bool {
  const factors = f32x4.splat(factor);
  const bases = f32x4.splat(base);
  const blankValue = i32x4.splat(blank);
  const step: usize = dither == 0 ? 0 : 16;
  const whole = count & ~15;
  let found = i32x4.splat(0);
  for (let i = 0; i < whole; i += 16) {
    const from = ints + (<usize>i << 2);
    const deviates: usize = dither == 0 ? 0 : dither + (<usize>i << 2);
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    found = v128.or(found, v128.or(i32x4.eq(a, blankValue), i32x4.eq(b, blankValue)));
    found = v128.or(found, v128.or(i32x4.eq(c, blankValue), i32x4.eq(d, blankValue)));
    const first = i16x8.narrow_i32x4_s(
      place4(a, deviates, factors, bases),
      place4(b, deviates + step, factors, bases),
    );
    const second = i16x8.narrow_i32x4_s(
      place4(c, deviates + 2 * step, factors, bases),
      place4(d, deviates + 3 * step, factors, bases),
    );
    v128.store(out + i, i8x16.narrow_i16x8_u(first, second));
  }
  let isBlank = v128.any_true(found);
  for (let i = whole; i < count; i++) {
    const n = load<i32>(ints + (<usize>i << 2));
    isBlank = isBlank || n == blank;
    const r: f32 = dither == 0 ? 0 : load<f32>(dither + (<usize>i << 2));
    const y: f32 = (<f32>n - r) * factor + base;
    store<u8>(out + i, y >= 255 ? 255 : y > 0 ? <u8>y : 0);
  }
  return blanks && isBlank;
}

/**
 * Turns integers `first` to `end` of a row at `ints` into numbers of 2^`shift` bytes from `out` on: floats of 8 or 4 bytes, or single bytes, the part of
 * (n - r) * scale + zero before the point, cut to 0..255. `table` holds the deviates as float32, or is 0 when the row was not dithered; `seed` is the number of
 * the tile modulo 10 000. `zeros`: exact zeros are marked (method 2; not for bytes). Gives whether there was a blank where bytes are made.
 */
export function dequantize(
  ints: usize,
  out: usize,
  first: i32,
  end: i32,
  shift: i32,
  scale: f64,
  zero: f64,
  table: usize,
  seed: i32,
  blanks: bool,
  blank: i32,
  zeros: bool,
): bool {
  let s = seed;
  let passed = 0;
  let to = out;
  let isBlank = false;
  while (passed < end) {
    const next = table == 0 ? 0 : <i32>(load<f32>(table + (<usize>s << 2)) * 500);
    const length = table == 0 ? end : min(TABLE - next, end - passed);
    const from = max(first, passed);
    const count = passed + length - from;
    if (count > 0) {
      const source = ints + (<usize>from << 2);
      const dither: usize = table == 0 ? 0 : table + (<usize>(next + from - passed) << 2);
      if (shift == 0)
        isBlank =
          runBytes(source, to, count, <f32>scale, <f32>zero, dither, blanks, blank) || isBlank;
      else if (shift == 3) run<f64>(source, to, count, scale, zero, dither, blanks, blank, zeros);
      else run<f32>(source, to, count, scale, zero, dither, blanks, blank, zeros);
      to += <usize>count << shift;
    }
    passed += length;
    s = s + 1 == TABLE ? 0 : s + 1;
  }
  return isBlank;
}
