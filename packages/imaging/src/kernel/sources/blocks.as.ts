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
