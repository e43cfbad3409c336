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

/**
 * Turns integers `first` to `end` of a row at `ints` into floats (`wide`: of 8 bytes) from `out` on. `table` holds the deviates as float32,
 * or is 0 when the row was not dithered; `seed` is the number of the tile modulo 10 000. `zeros`: exact zeros are marked (method 2).
 */
export function dequantize(
  ints: usize,
  out: usize,
  first: i32,
  end: i32,
  wide: bool,
  scale: f64,
  zero: f64,
  table: usize,
  seed: i32,
  blanks: bool,
  blank: i32,
  zeros: bool,
): void {
  let s = seed;
  let passed = 0;
  let to = out;
  while (passed < end) {
    const next = table == 0 ? 0 : <i32>(load<f32>(table + (<usize>s << 2)) * 500);
    const length = table == 0 ? end : min(TABLE - next, end - passed);
    const from = max(first, passed);
    const count = passed + length - from;
    if (count > 0) {
      const source = ints + (<usize>from << 2);
      const dither: usize = table == 0 ? 0 : table + (<usize>(next + from - passed) << 2);
      if (wide) run<f64>(source, to, count, scale, zero, dither, blanks, blank, zeros);
      else run<f32>(source, to, count, scale, zero, dither, blanks, blank, zeros);
      to += <usize>count << (wide ? 3 : 2);
    }
    passed += length;
    s = s + 1 == TABLE ? 0 : s + 1;
  }
}
