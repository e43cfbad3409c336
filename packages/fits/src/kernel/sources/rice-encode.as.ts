// AssemblyScript source of the kernel that encodes RICE_1 (FITS 4.0, 10.4.1).
// scripts/build-kernels.mjs compiles it.
// Bits are collected at the low end of a 64-bit word; after each write, at most 31 are left.

let bits: u64 = 0;
let count: i32 = 0;
let to: usize = 0;

/** Writes the low `n` bits (at most 32) of `value`, which has no others. */
// @ts-ignore: decorator
@inline
function put(value: u64, n: i32): void {
  bits = (bits << <u64>n) | value;
  count += n;
  if (count >= 32) {
    count -= 32;
    store<u32>(to, bswap<u32>(<u32>(bits >> <u64>count)));
    to += 4;
  }
}

/** Writes a code: the part above its lowest `fs` bits as zeros and a one, then those bits. */
// @ts-ignore: decorator
@inline
function putCode(code: u32, fs: i32): void {
  let zeros = <i32>(code >> fs);
  while (zeros > 31) {
    put(0, 32);
    zeros -= 32;
  }
  const one: u64 = (<u64>1) << <u64>fs;
  const low = one | (<u64>code & (one - 1));
  if (zeros + 1 + fs <= 32) put(low, zeros + 1 + fs);
  else {
    put(0, zeros);
    put(low, fs + 1);
  }
}

/** Difference of two pixels, which wraps around at their width, folded into 0, -1, 1, -2, ... */
// @ts-ignore: decorator
@inline
function folded<T>(pixel: T, last: T): u32 {
  const unused = 32 - 8 * <i32>sizeof<T>();
  const step = ((<i32>pixel - <i32>last) << unused) >> unused;
  return <u32>((step << 1) ^ (step >> 31));
}

/** Stores the codes of `n` pixels, each after the pixel before it, and returns their sum. */
// @ts-ignore: decorator
@inline
function codesOf<T>(from: usize, n: i32, codes: usize): u64 {
  let sum: u64 = 0;
  let i = 0;
  if (sizeof<T>() == 2) {
    let sums = i64x2.splat(0);
    for (; i + 8 <= n; i += 8) {
      const at = from + (<usize>i << 1);
      const steps = i16x8.sub(v128.load(at), v128.load(at - 2));
      const code = v128.xor(i16x8.shl(steps, 1), i16x8.shr_s(steps, 15));
      const low = i32x4.extend_low_i16x8_u(code);
      const high = i32x4.extend_high_i16x8_u(code);
      const out = codes + (<usize>i << 2);
      v128.store(out, low);
      v128.store(out, high, 16);
      const both = i32x4.add(low, high);
      sums = i64x2.add(sums, i64x2.add(i64x2.extend_low_i32x4_u(both), i64x2.extend_high_i32x4_u(both)));
    }
    sum = i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1);
  }
  for (; i < n; i++) {
    const at = from + (<usize>i << alignof<T>());
    const code = folded<T>(load<T>(at), load<T>(at - sizeof<T>()));
    store<u32>(codes + (<usize>i << 2), code);
    sum += code;
  }
  return sum;
}

/** FS for a block of `n` codes, as the C library chooses it. */
// @ts-ignore: decorator
@inline
function splitOf<T>(sum: u64, n: i32): i32 {
  const above = <i64>sum - <i64>(n / 2) - 1;
  const mean = above > 0 ? above / <i64>n : 0;
  const kept = sizeof<T>() == 4 ? <u32>mean : <u32>mean & ((1 << (8 * <i32>sizeof<T>())) - 1);
  return 32 - <i32>clz<u32>(kept >> 1);
}

function encodeAs<T>(
  pixels: usize,
  length: i32,
  blocksize: i32,
  codes: usize,
  out: usize,
  fsBits: i32,
  direct: i32,
): i32 {
  const width = 8 * <i32>sizeof<T>();
  const mask: u64 = 0xffff_ffff >> <u64>(32 - width);
  bits = 0;
  count = 0;
  to = out;
  const first = load<T>(pixels);
  put(<u64>first & mask, width);
  store<T>(pixels - sizeof<T>(), first);
  for (let begin = 0; begin < length; begin += blocksize) {
    const n = min(blocksize, length - begin);
    const sum = codesOf<T>(pixels + (<usize>begin << alignof<T>()), n, codes);
    const fs = splitOf<T>(sum, n);
    if (fs >= direct) {
      put(direct + 1, fsBits);
      for (let j = 0; j < n; j++) put(load<u32>(codes + (<usize>j << 2)), width);
    } else if (sum == 0) put(0, fsBits);
    else {
      put(fs + 1, fsBits);
      for (let j = 0; j < n; j++) putCode(load<u32>(codes + (<usize>j << 2)), fs);
    }
  }
  while (count > 0) {
    const left = count - 8;
    store<u8>(to++, <u8>(left >= 0 ? bits >> <u64>left : bits << <u64>-left));
    count = left;
  }
  return <i32>(to - out);
}

/**
 * Encodes `length` (at least 1) pixels of `width` bytes at `pixels`, before which there is room for
 * one more. `codes` has room for the codes of a block, 4 bytes each, and `out` for the tile.
 * Returns its length.
 */
export function encode(
  width: i32,
  pixels: usize,
  length: i32,
  blocksize: i32,
  codes: usize,
  out: usize,
): i32 {
  if (width == 1) return encodeAs<u8>(pixels, length, blocksize, codes, out, 3, 6);
  if (width == 2) return encodeAs<i16>(pixels, length, blocksize, codes, out, 4, 14);
  return encodeAs<i32>(pixels, length, blocksize, codes, out, 5, 25);
}
