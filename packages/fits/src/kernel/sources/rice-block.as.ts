// Blocks of RICE_1 (FITS 4.0, 10.4.1) from one stream, four pixels per load while their codes are
// short.
// The value before each row of pixels is the one to which the first difference is added.

import { WINDOW, window } from "./bits.as";

/**
 * With FS up to this, a code of at most 57 bits is below 2^15, so that four of them fit in one
 * 64-bit word.
 */
export const PACKED_FS: i32 = 9;
/**
 * Pixels between two checks for the end of the stream. Their codes take less than 32 * 57 bits,
 * which the slack covers.
 */
export const STRIDE: i32 = 32;
const FAILED: i32 = -1;

/** Position after the last long code. */
let position: i32 = 0;

// @ts-ignore: decorator
@inline
export function bits(end: usize, p: i32, n: i32): u32 {
  return <u32>((window(end, p) >> 1) >> <u64>(63 - n));
}

// @ts-ignore: decorator
@inline
export function at<T>(row: usize, i: i32): usize {
  return row + (<usize>i << alignof<T>());
}

/**
 * Reads a code of any length from p on; `position` is then after it, or beyond `limit` when the
 * stream ends first.
 */
function longCode(end: usize, start: i32, fs: i32, limit: i32): u32 {
  let p = start;
  let zeros: u32 = 0;
  while (p <= limit) {
    const n = <i32>clz(window(end, p));
    if (n < WINDOW) {
      position = p + n + 1 + fs;
      return ((zeros + n) << fs) | (position > limit ? 0 : bits(end, p + n + 1, fs));
    }
    zeros += WINDOW - 1;
    p += WINDOW - 1;
  }
  position = p;
  return 0;
}

/** Undoes the folding of signed differences into 0, -1, 1, -2, ... for eight codes of 16 bits. */
// @ts-ignore: decorator
@inline
export function unfolded(codes: v128): v128 {
  return v128.xor(i16x8.shr_u(codes, 1), i16x8.neg(v128.and(codes, i16x8.splat(1))));
}

/**
 * Adds up four differences, the lower four of `steps`, onto `last` (in every lane), stores the
 * pixels, and returns the new last in every lane.
 */
// @ts-ignore: decorator
@inline
export function put4<T>(to: usize, steps: v128, last: v128): v128 {
  if (sizeof<T>() == 4) {
    let sum = i32x4.extend_low_i16x8_s(steps);
    sum = i32x4.add(sum, v128.shuffle<u32>(i32x4.splat(0), sum, 0, 4, 5, 6));
    sum = i32x4.add(sum, v128.shuffle<u32>(i32x4.splat(0), sum, 0, 1, 4, 5));
    sum = i32x4.add(sum, last);
    v128.store(to, sum);
    return v128.shuffle<u32>(sum, sum, 3, 3, 3, 3);
  }
  let sum = i16x8.add(steps, i64x2.shl(steps, 16));
  sum = i16x8.add(sum, i64x2.shl(sum, 32));
  sum = i16x8.add(sum, last);
  if (sizeof<T>() == 2) v128.store64_lane(to, sum, 0);
  else v128.store32_lane(to, v128.shuffle<u8>(sum, sum, 0, 2, 4, 6, 0, 2, 4, 6, 0, 2, 4, 6, 0, 2, 4, 6), 0);
  return v128.shuffle<u16>(sum, sum, 3, 3, 3, 3, 3, 3, 3, 3);
}

// @ts-ignore: decorator
@inline
export function everywhere<T>(value: T): v128 {
  return sizeof<T>() == 4 ? i32x4.splat(<i32>value) : i16x8.splat(<i16>value);
}

/** Decodes one pixel whose code begins at p. Returns the position after it. */
// @ts-ignore: decorator
@inline
export function one<T>(end: usize, p: i32, limit: i32, fs: i32, to: usize): i32 {
  const w = window(end, p);
  const zeros = clz(w);
  const length = <i32>zeros + 1 + fs;
  let code: u32;
  let next = p + length;
  if (length <= WINDOW) code = <u32>((w << zeros) >> <u64>(63 - fs)) + ((<u32>zeros - 1) << fs);
  else {
    code = longCode(end, p, fs, limit);
    next = position;
  }
  store<T>(to, <T>(<u32>load<T>(to - sizeof<T>()) + ((code >> 1) ^ (0 - (code & 1)))));
  return next;
}

/** Decodes pixels `from` to `stop` (at most STRIDE) of a row. Returns the position after them. */
function codes<T>(end: usize, start: i32, limit: i32, fs: i32, row: usize, from: i32, stop: i32): i32 {
  let p = start;
  let i = from;
  if (fs <= PACKED_FS) {
    const low = <u64>(63 - fs);
    const past = <u64>(fs + 1);
    const lift = (<u64>1 << <u64>fs) * 0x0001_0001_0001_0001;
    let last = everywhere<T>(load<T>(at<T>(row, i - 1)));
    while (i + 4 <= stop) {
      let w = window(end, p);
      const z0 = clz(w);
      w <<= z0;
      const v0 = w >> low;
      w <<= past;
      const z1 = clz(w);
      w <<= z1;
      const v1 = w >> low;
      w <<= past;
      const z2 = clz(w);
      w <<= z2;
      const v2 = w >> low;
      w <<= past;
      const z3 = clz(w);
      w <<= z3;
      const v3 = w >> low;
      const length = <i32>(z0 + z1 + z2 + z3) + 4 * (fs + 1);
      if (length > WINDOW) {
        for (const after = i + 4; i < after; i++) p = one<T>(end, p, limit, fs, at<T>(row, i));
        if (p > limit) return p;
        last = everywhere<T>(load<T>(at<T>(row, i - 1)));
        continue;
      }
      p += length;
      const zeros = z0 | (z1 << 16) | (z2 << 32) | (z3 << 48);
      const word = (v0 | (v1 << 16) | (v2 << 32) | (v3 << 48)) + (zeros << <u64>fs) - lift;
      last = put4<T>(at<T>(row, i), unfolded(i64x2.splat(word)), last);
      i += 4;
    }
  }
  for (; i < stop; i++) p = one<T>(end, p, limit, fs, at<T>(row, i));
  return p;
}

// @ts-ignore: decorator
@inline
export function fsBits<T>(): i32 {
  return sizeof<T>() == 1 ? 3 : sizeof<T>() == 2 ? 4 : 5;
}

/**
 * Decodes pixels `from` to `stop` of a row, which are one block or its beginning. Returns the
 * position after them, or FAILED.
 */
export function block<T>(end: usize, start: i32, limit: i32, row: usize, from: i32, stop: i32): i32 {
  const direct: i32 = sizeof<T>() == 1 ? 6 : sizeof<T>() == 2 ? 14 : 25;
  const width: i32 = sizeof<T>() * 8;
  let p = start + fsBits<T>();
  if (p > limit) return FAILED;
  const fs = <i32>bits(end, start, fsBits<T>()) - 1;
  let i = from;
  if (fs < 0) {
    const last = load<T>(at<T>(row, i - 1));
    for (; i < stop; i++) store<T>(at<T>(row, i), last);
    return p;
  }
  if (fs == direct) {
    for (; i < stop; i++) {
      const code = bits(end, p, width);
      p += width;
      if (p > limit) return FAILED;
      store<T>(at<T>(row, i), <T>(<u32>load<T>(at<T>(row, i - 1)) + ((code >> 1) ^ (0 - (code & 1)))));
    }
    return p;
  }
  for (; i < stop; i += STRIDE) {
    p = codes<T>(end, p, limit, fs, row, i, min(i + STRIDE, stop));
    if (p > limit) return FAILED;
  }
  return p;
}
