// AssemblyScript source of the HCOMPRESS_1 kernel (FITS 4.0, 10.4.4; White, Postman and Lattanzi 1992).
//
// Coefficients of the H-transform come bit plane by bit plane, quadrant by quadrant; each plane is a quadtree of Huffman codes or plain.
// The inverse transform needs no shuffling here: at each level the mean values stand in a buffer of their own, the three kinds of
// differences where decoding put them. Means of one level and the next go to and fro between two buffers.
// Bits are read from bytes in reversed order, as in rice.as.ts.

import { reverse, window } from "./bits.as";

/** Bits used (high nibble) and value (low nibble) of the Huffman code that six bits begin with. */
const HUFFMAN = memory.data<u8>([
  0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x32, 0x32, 0x32, 0x32, 0x32, 0x32, 0x32, 0x32,
  0x34, 0x34, 0x34, 0x34, 0x34, 0x34, 0x34, 0x34, 0x38, 0x38, 0x38, 0x38, 0x38, 0x38, 0x38, 0x38,
  0x43, 0x43, 0x43, 0x43, 0x45, 0x45, 0x45, 0x45, 0x4a, 0x4a, 0x4a, 0x4a, 0x4c, 0x4c, 0x4c, 0x4c,
  0x4f, 0x4f, 0x4f, 0x4f, 0x56, 0x56, 0x57, 0x57, 0x59, 0x59, 0x5b, 0x5b, 0x5d, 0x5d, 0x60, 0x6e,
]);
const FAILED: i32 = -1;

// @ts-ignore: decorator
@inline
function at<T>(array: usize, i: i32): usize {
  return array + (<usize>i << alignof<T>());
}

// @ts-ignore: decorator
@inline
function half(n: i32): i32 {
  return (n + 1) >> 1;
}

/** Expands the codes of a level, half(rows) by half(columns) nibbles, into one bit for each element of the next, in place. */
function spread(nibbles: usize, rows: i32, columns: i32): void {
  const from = half(columns);
  for (let i = half(rows) - 1; i >= 0; i--) {
    const upper = nibbles + <usize>(2 * i * columns);
    const lower = upper + <usize>columns;
    const hasLower = 2 * i + 1 < rows;
    for (let j = from - 1; j >= 0; j--) {
      const v = load<u8>(nibbles + <usize>(i * from + j));
      const hasRight = 2 * j + 1 < columns;
      if (hasLower) {
        if (hasRight) store<u8>(lower + <usize>(2 * j + 1), v & 1);
        store<u8>(lower + <usize>(2 * j), (v >> 1) & 1);
      }
      if (hasRight) store<u8>(upper + <usize>(2 * j + 1), (v >> 2) & 1);
      store<u8>(upper + <usize>(2 * j), (v >> 3) & 1);
    }
  }
}

/** Reads a plane of nibbles for a quadrant of rows by columns, of a quadtree or plain. Gives the position behind it. */
function plane(end: usize, start: i32, limit: i32, nibbles: usize, rows: i32, columns: i32): i32 {
  let p = start + 4;
  if (p > limit) return FAILED;
  const kind = <i32>(window(end, start) >> 60);
  if (kind == 0) {
    const count = half(rows) * half(columns);
    if (count > (limit - p) >> 2) return FAILED;
    let i = 0;
    for (; i + 14 <= count; i += 14, p += 56) {
      let w = window(end, p);
      for (let k = 0; k < 14; k++) {
        store<u8>(nibbles + <usize>(i + k), <u8>(w >> 60));
        w <<= 4;
      }
    }
    for (; i < count; i++, p += 4) store<u8>(nibbles + <usize>i, <u8>(window(end, p) >> 60));
    return p;
  }
  if (kind != 15) return FAILED;
  const largest = max(rows, columns);
  let levels = 0;
  while (1 << levels < largest) levels++;
  const first = load<u8>(HUFFMAN + <usize>(window(end, p) >> 58));
  store<u8>(nibbles, first & 15);
  p += first >> 4;
  for (let k = levels - 1; k > 0; k--) {
    // Elements at this level: the quadrant's size halved k times, rounded up.
    const r = (rows + (1 << k) - 1) >> k;
    const c = (columns + (1 << k) - 1) >> k;
    spread(nibbles, r, c);
    for (let i = r * c - 1; i >= 0; i--) {
      if (load<u8>(nibbles + <usize>i) == 0) continue;
      if (p > limit) return FAILED;
      const code = load<u8>(HUFFMAN + <usize>(window(end, p) >> 58));
      store<u8>(nibbles + <usize>i, code & 15);
      p += code >> 4;
    }
  }
  return p;
}

/** Sets bit `bit` of the elements of a quadrant (`stride` apart by rows) whose bits in the nibbles are set. */
function insert<T>(nibbles: usize, rows: i32, columns: i32, to: usize, stride: i32, bit: i32): void {
  let from = nibbles;
  const shift = <T>bit;
  for (let i = 0; i < rows; i += 2) {
    const upper = at<T>(to, i * stride);
    const lower = at<T>(upper, stride);
    const hasLower = i + 1 < rows;
    let j = 0;
    for (; j + 1 < columns; j += 2, from++) {
      const v = <T>load<u8>(from);
      if (v == 0) continue;
      const here = at<T>(upper, j);
      store<T>(here, load<T>(here) | ((v >> 3) << shift));
      store<T>(here + sizeof<T>(), load<T>(here + sizeof<T>()) | (((v >> 2) & 1) << shift));
      if (!hasLower) continue;
      const below = at<T>(lower, j);
      store<T>(below, load<T>(below) | (((v >> 1) & 1) << shift));
      store<T>(below + sizeof<T>(), load<T>(below + sizeof<T>()) | ((v & 1) << shift));
    }
    if (j < columns) {
      const v = <T>load<u8>(from++);
      store<T>(at<T>(upper, j), load<T>(at<T>(upper, j)) | ((v >> 3) << shift));
      if (hasLower) store<T>(at<T>(lower, j), load<T>(at<T>(lower, j)) | (((v >> 1) & 1) << shift));
    }
  }
}

/** Bit planes of one quadrant. */
function quadrant<T>(
  end: usize,
  start: i32,
  limit: i32,
  nibbles: usize,
  to: usize,
  stride: i32,
  rows: i32,
  columns: i32,
  planes: i32,
): i32 {
  let p = start;
  for (let bit = planes - 1; bit >= 0; bit--) {
    p = plane(end, p, limit, nibbles, rows, columns);
    if (p < 0) return FAILED;
    insert<T>(nibbles, rows, columns, to, stride, bit);
  }
  return p;
}

/** Signs of the elements that are not 0, one bit each. */
function signs<T>(end: usize, start: i32, limit: i32, array: usize, count: i32): bool {
  let p = start;
  for (let i = 0; i < count; ) {
    let w = window(end, p);
    const stop = min(i + 56, count);
    for (; i < stop; i++) {
      const here = at<T>(array, i);
      const value = load<T>(here);
      if (value == 0) continue;
      if (<i64>w < 0) store<T>(here, -value);
      w <<= 1;
      p++;
    }
    if (p > limit) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function clamp<T>(value: T, least: T, most: T): T {
  return value < most ? (value > least ? value : least) : most > least ? most : least;
}

// @ts-ignore: decorator
@inline
function less<T>(a: T, b: T): T {
  return a < b ? a : b;
}

// @ts-ignore: decorator
@inline
function more<T>(a: T, b: T): T {
  return a > b ? a : b;
}

/** Changes a slope towards what its neighbours say: `diff` is 8 times that, its range given by the monotony of the means. */
// @ts-ignore: decorator
@inline
function smoothSlope<T>(to: usize, before: T, here: T, after: T, most: T): void {
  const up = after - here;
  const down = here - before;
  const highest = more<T>(less<T>(up, down), 0) << 2;
  const lowest = less<T>(more<T>(up, down), 0) << 2;
  if (lowest >= highest) return;
  const slope = load<T>(to);
  let s = clamp<T>(after - before, lowest, highest) - (slope << 3);
  s = s >= 0 ? s >> 3 : (s + 7) >> 3;
  store<T>(to, slope + clamp<T>(s, -most, most));
}

/** Smooths the differences of one level by interpolation of the means. `means` has half(columns) to a row. */
function smooth<T>(means: usize, array: usize, stride: i32, rows: i32, columns: i32, scale: i32): void {
  const most = <T>(scale >> 1);
  if (most <= 0) return;
  const r = half(rows);
  const c = half(columns);
  const hx = at<T>(array, r * stride);
  const hy = at<T>(array, c);
  const hc = at<T>(hx, c);
  for (let i = 1; 2 * i < rows - 2; i++) {
    for (let j = 0; j < c; j++) {
      const m = at<T>(means, i * c + j);
      const step = <usize>c << alignof<T>();
      smoothSlope<T>(at<T>(hx, i * stride + j), load<T>(m - step), load<T>(m), load<T>(m + step), most);
    }
  }
  for (let i = 0; i < r; i++) {
    for (let j = 1; 2 * j < columns - 2; j++) {
      const m = at<T>(means, i * c + j);
      const step = sizeof<T>();
      smoothSlope<T>(at<T>(hy, i * stride + j), load<T>(m - step), load<T>(m), load<T>(m + step), most);
    }
  }
  for (let i = 1; 2 * i < rows - 2; i++) {
    for (let j = 1; 2 * j < columns - 2; j++) {
      const k = i * c + j;
      const hmm = load<T>(at<T>(means, k - c - 1));
      const hpm = load<T>(at<T>(means, k + c - 1));
      const hmp = load<T>(at<T>(means, k - c + 1));
      const hpp = load<T>(at<T>(means, k + c + 1));
      const h0 = load<T>(at<T>(means, k));
      const x2 = load<T>(at<T>(hx, i * stride + j)) << 1;
      const y2 = load<T>(at<T>(hy, i * stride + j)) << 1;
      const highest =
        less<T>(
          less<T>(more<T>(hpp - h0, 0) - x2 - y2, more<T>(h0 - hpm, 0) + x2 - y2),
          less<T>(more<T>(h0 - hmp, 0) - x2 + y2, more<T>(hmm - h0, 0) + x2 + y2),
        ) << 4;
      const lowest =
        more<T>(
          more<T>(less<T>(hpp - h0, 0) - x2 - y2, less<T>(h0 - hpm, 0) + x2 - y2),
          more<T>(less<T>(h0 - hmp, 0) - x2 + y2, less<T>(hmm - h0, 0) + x2 + y2),
        ) << 4;
      if (lowest >= highest) continue;
      const to = at<T>(hc, i * stride + j);
      const curve = load<T>(to);
      let s = clamp<T>(hpp + hmm - hmp - hpm, lowest, highest) - (curve << 6);
      s = s >= 0 ? s >> 6 : (s + 63) >> 6;
      store<T>(to, curve + clamp<T>(s, -most, most));
    }
  }
}

// @ts-ignore: decorator
@inline
function rounded<T>(value: T, up: T, down: T, mask: T): T {
  return (value + (value >= 0 ? up : down)) & mask;
}

// @ts-ignore: decorator
@inline
function towardsZero<T>(value: T, step: T): T {
  return value >= 0 ? value - step : value + step;
}

/**
 * One level of the inverse transform: means (half(rows) by half(columns)) and differences give rows by columns values at `out`, packed.
 * `bit` is the weight of the lowest bit of the level; the last level has 1 and divides by 4.
 */
function level<T>(means: usize, array: usize, stride: i32, rows: i32, columns: i32, bit: T, out: usize): void {
  const last = bit == 1;
  const shift: T = last ? 2 : 1;
  const bit1 = bit << 1;
  const mask0 = -bit;
  const mask1 = -bit1;
  const up0 = bit >> 1;
  const down0: T = last ? 0 : up0 - 1;
  const up1 = bit;
  const down1 = up1 - 1;
  const r = half(rows);
  const c = half(columns);
  const hasOddColumn = (columns & 1) != 0;
  const pairs = columns >> 1;
  for (let i = 0; i < r; i++) {
    const m = at<T>(means, i * c);
    const y = at<T>(array, i * stride + c);
    const upper = at<T>(out, 2 * i * columns);
    if (2 * i + 1 == rows) {
      for (let j = 0; j < pairs; j++) {
        const hy = rounded<T>(load<T>(at<T>(y, j)), up1, down1, mask1);
        const h0 = towardsZero<T>(load<T>(at<T>(m, j)), hy & bit1);
        store<T>(at<T>(upper, 2 * j), (h0 - hy) >> shift);
        store<T>(at<T>(upper, 2 * j + 1), (h0 + hy) >> shift);
      }
      if (hasOddColumn) store<T>(at<T>(upper, columns - 1), load<T>(at<T>(m, pairs)) >> shift);
      break;
    }
    const x = at<T>(array, (r + i) * stride);
    const xy = at<T>(x, c);
    const lower = at<T>(upper, columns);
    for (let j = 0; j < pairs; j++) {
      let hx = rounded<T>(load<T>(at<T>(x, j)), up1, down1, mask1);
      let hy = rounded<T>(load<T>(at<T>(y, j)), up1, down1, mask1);
      const hc = rounded<T>(load<T>(at<T>(xy, j)), up0, down0, mask0);
      const low0 = hc & bit;
      hx = towardsZero<T>(hx, low0);
      hy = towardsZero<T>(hy, low0);
      const low1 = (hc ^ hx ^ hy) & bit1;
      let h0 = load<T>(at<T>(m, j));
      h0 += h0 >= 0 || low0 != 0 ? low0 - low1 : low1;
      store<T>(at<T>(upper, 2 * j), (h0 - hx - hy + hc) >> shift);
      store<T>(at<T>(upper, 2 * j + 1), (h0 - hx + hy - hc) >> shift);
      store<T>(at<T>(lower, 2 * j), (h0 + hx - hy - hc) >> shift);
      store<T>(at<T>(lower, 2 * j + 1), (h0 + hx + hy + hc) >> shift);
    }
    if (hasOddColumn) {
      const hx = rounded<T>(load<T>(at<T>(x, pairs)), up1, down1, mask1);
      const h0 = towardsZero<T>(load<T>(at<T>(m, pairs)), hx & bit1);
      store<T>(at<T>(upper, columns - 1), (h0 - hx) >> shift);
      store<T>(at<T>(lower, columns - 1), (h0 + hx) >> shift);
    }
  }
}

function tile<T>(
  input: usize,
  length: i32,
  end: usize,
  rows: i32,
  columns: i32,
  scale: i32,
  smoothing: bool,
  planes: i32,
  array: usize,
  large: usize,
  small: usize,
  nibbles: usize,
): bool {
  reverse(input, length, end);
  const limit = length * 8;
  // Behind the magic number, both sizes, the scale, the sum (8 bytes) and the three counts of planes.
  let p: i32 = 25 * 8;
  const count = rows * columns;
  memory.fill(array, 0, <usize>count << alignof<T>());
  const r = half(rows);
  const c = half(columns);
  const differences = (planes >> 8) & 255;
  p = quadrant<T>(end, p, limit, nibbles, array, columns, r, c, planes & 255);
  if (p < 0) return false;
  p = quadrant<T>(end, p, limit, nibbles, at<T>(array, c), columns, r, columns >> 1, differences);
  if (p < 0) return false;
  p = quadrant<T>(end, p, limit, nibbles, at<T>(array, r * columns), columns, rows >> 1, c, differences);
  if (p < 0) return false;
  p = quadrant<T>(end, p, limit, nibbles, at<T>(array, r * columns + c), columns, rows >> 1, columns >> 1, planes >> 16);
  if (p < 0) return false;
  // An empty nibble ends the planes; the signs begin at the next whole byte.
  if (p + 4 > limit || window(end, p) >> 60 != 0) return false;
  p = (p + 4 + 7) & ~7;
  if (!signs<T>(end, p, limit, array, count)) return false;
  store<T>(array, <T>bswap<u64>(load<u64>(input + 14)));
  if (scale > 1) {
    for (let i = 0; i < count; i++) store<T>(at<T>(array, i), load<T>(at<T>(array, i)) * <T>scale);
  }
  let levels = 0;
  while (1 << levels < max(rows, columns)) levels++;
  const top = <T>1 << <T>(levels + 1);
  let means = (levels & 1) != 0 ? small : large;
  store<T>(means, rounded<T>(load<T>(array), top >> 1, (top >> 1) - 1, -top));
  for (let k = levels - 1; k >= 0; k--) {
    const nr = (rows + (1 << k) - 1) >> k;
    const nc = (columns + (1 << k) - 1) >> k;
    const out = means == small ? large : small;
    if (smoothing) smooth<T>(means, array, columns, nr, nc, scale);
    level<T>(means, array, columns, nr, nc, <T>1 << <T>k, out);
    means = out;
  }
  if (sizeof<T>() == 8) {
    for (let i = 0; i < count; i++) store<i32>(large + (<usize>i << 2), <i32>load<T>(at<T>(large, i)));
  }
  return true;
}

/**
 * Decodes a tile of rows by columns. `array` and `large` have room for its values, `small` for a quarter of them (sizes halved and rounded
 * up), `nibbles` for as many bytes. `wide`: 64-bit arithmetic, else 32-bit. `planes`: counts of bit planes, the first in the lowest byte.
 * The values are at `large`, in 32 bits. False when the stream is damaged.
 */
export function hcompress(
  input: usize,
  length: i32,
  end: usize,
  rows: i32,
  columns: i32,
  scale: i32,
  smoothing: bool,
  planes: i32,
  wide: bool,
  array: usize,
  large: usize,
  small: usize,
  nibbles: usize,
): bool {
  return wide
    ? tile<i64>(input, length, end, rows, columns, scale, smoothing, planes, array, large, small, nibbles)
    : tile<i32>(input, length, end, rows, columns, scale, smoothing, planes, array, large, small, nibbles);
}
