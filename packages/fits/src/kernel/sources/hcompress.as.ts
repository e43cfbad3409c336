// AssemblyScript source of the HCOMPRESS_1 kernel (FITS 4.0, 10.4.4; White, Postman and Lattanzi
// 1992).
// Coefficients of the H-transform are stored bit plane by bit plane, quadrant by quadrant; each
// plane is a quadtree of Huffman codes or plain.
// The inverse transform needs no shuffling here: at each level the means are in a separate buffer,
// and the three kinds of differences remain where decoding put them. The means of successive levels
// alternate between two buffers.
// Bits are read from bytes in reversed order, as in rice.as.ts.

import { reverse, window } from "./bits.as";
import { at, half, level, rounded, smooth } from "./hcompress-inverse.as";

/**
 * Length (high nibble) and value (low nibble) of the Huffman code that begins with the given six
 * bits.
 */
const HUFFMAN = memory.data<u8>([
  0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x32, 0x32, 0x32, 0x32, 0x32, 0x32, 0x32, 0x32,
  0x34, 0x34, 0x34, 0x34, 0x34, 0x34, 0x34, 0x34, 0x38, 0x38, 0x38, 0x38, 0x38, 0x38, 0x38, 0x38,
  0x43, 0x43, 0x43, 0x43, 0x45, 0x45, 0x45, 0x45, 0x4a, 0x4a, 0x4a, 0x4a, 0x4c, 0x4c, 0x4c, 0x4c,
  0x4f, 0x4f, 0x4f, 0x4f, 0x56, 0x56, 0x57, 0x57, 0x59, 0x59, 0x5b, 0x5b, 0x5d, 0x5d, 0x60, 0x6e,
]);
const FAILED: i32 = -1;

/**
 * Expands the codes of a level, half(rows) by half(columns) nibbles, into one bit for each element
 * of the next, in place.
 */
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

/**
 * Reads a plane of nibbles for a quadrant of rows by columns, from a quadtree or plain. Returns the
 * position after it.
 */
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

/**
 * Sets bit `bit` of the elements of a quadrant (rows `stride` apart) whose bits in the nibbles are
 * set.
 */
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

/** Reads the bit planes of one quadrant. */
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

/** Reads the signs of the elements that are not 0, one bit each. */
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
  // After the magic number, both sizes, the scale, the sum (8 bytes) and the three numbers of
  // planes.
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
 * Decodes a tile of rows by columns. `array` and `large` have room for its values, `small` for a
 * quarter of them (sizes halved and rounded up), `nibbles` for as many bytes. `wide`: 64-bit
 * arithmetic, otherwise 32-bit. `planes`: numbers of bit planes, the first in the lowest byte.
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
