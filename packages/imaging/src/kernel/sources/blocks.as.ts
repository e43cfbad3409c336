// AssemblyScript source of the kernel that sums blocks of bytes. scripts/build-kernels.mjs compiles
// it.

/**
 * Adds the bytes of `rows` rows (at most 257) of `width` to the float64 sums at `blocks`, one for
 * every `side` columns. `columns` has room for width + 16 sums of 16 bits; up to 15 bytes after the
 * last row are read.
 */
export function addBlocks(
  bytes: usize,
  rows: i32,
  width: i32,
  side: i32,
  columns: usize,
  blocks: usize,
): void {
  memory.fill(columns, 0, <usize>(width + 16) << 1);
  let from = bytes;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i += 16) {
      const b = v128.load(from + i);
      const to = columns + (<usize>i << 1);
      v128.store(to, i16x8.add(v128.load(to), i16x8.extend_low_i8x16_u(b)));
      v128.store(to, i16x8.add(v128.load(to, 16), i16x8.extend_high_i8x16_u(b)), 16);
    }
    from += width;
  }
  let to = blocks;
  for (let x = 0; x < width; ) {
    const end = min(x + side, width);
    let sum: u32 = 0;
    for (; x < end; x++) sum += load<u16>(columns + (<usize>x << 1));
    store<f64>(to, load<f64>(to) + <f64>sum);
    to += 8;
  }
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, sum: i32): void {
  store<f64>(at, load<f64>(at) + <f64>sum);
}

/**
 * Adds `rows` rows of `width` integers of 16 bits to the float64 sums at `sums`, one for every
 * `side` columns; `side` is 2, 4 or a multiple of 8, and rows * side is at most 65536. Returns the
 * least integer in the lower and the greatest in the upper 16 bits.
 */
export function addBlocks16(values: usize, rows: i32, width: i32, side: i32, sums: usize): i32 {
  const stride = <usize>width << 1;
  const ones = i16x8.splat(1);
  const together = max(side, 8);
  const whole = width - (width % together);
  let low = i16x8.splat(0x7fff);
  let high = i16x8.splat(-0x8000);
  let to = sums;
  for (let x = 0; x < whole; x += together) {
    let sum = i32x4.splat(0);
    let from = values + (<usize>x << 1);
    for (let row = 0; row < rows; row++, from += stride) {
      for (let i = 0; i < together; i += 8) {
        const v = v128.load(from + (<usize>i << 1));
        low = i16x8.min_s(low, v);
        high = i16x8.max_s(high, v);
        sum = i32x4.add(sum, i32x4.dot_i16x8_s(v, ones));
      }
    }
    const a = i32x4.extract_lane(sum, 0);
    const b = i32x4.extract_lane(sum, 1);
    const c = i32x4.extract_lane(sum, 2);
    const d = i32x4.extract_lane(sum, 3);
    if (side == 2) {
      addTo(to, a);
      addTo(to + 8, b);
      addTo(to + 16, c);
      addTo(to + 24, d);
      to += 32;
    } else if (side == 4) {
      addTo(to, a + b);
      addTo(to + 8, c + d);
      to += 16;
    } else {
      addTo(to, a + b + c + d);
      to += 8;
    }
  }
  let least = 0x7fff;
  let most = -0x8000;
  for (let x = whole; x < width; ) {
    const end = min(x + side, width);
    let sum = 0;
    for (; x < end; x++) {
      let from = values + (<usize>x << 1);
      for (let row = 0; row < rows; row++, from += stride) {
        const value = <i32>load<i16>(from);
        least = min(least, value);
        most = max(most, value);
        sum += value;
      }
    }
    addTo(to, sum);
    to += 8;
  }
  for (let i = 0; i < 8; i++) {
    least = min(least, <i32>i16x8.extract_lane_s(low, 0));
    most = max(most, <i32>i16x8.extract_lane_s(high, 0));
    low = v128.shuffle<u16>(low, low, 1, 2, 3, 4, 5, 6, 7, 0);
    high = v128.shuffle<u16>(high, high, 1, 2, 3, 4, 5, 6, 7, 0);
  }
  return (least & 0xffff) | (most << 16);
}
