// AssemblyScript source of the RICE_1 kernel (FITS 4.0, 10.4.1). scripts/build-kernels.mjs compiles
// it into kernel.generated.ts.
// A tile's bytes are first reversed in memory (bits.as.ts). The caller chooses the memory layout:
// 512 bytes of slack below each reversed tile, and a pixel of slack before each row of pixels.

import { reverse } from "./bits.as";
import { bits, block } from "./rice-block.as";
import { pair } from "./rice-pair.as";

/**
 * Decodes the first `count` pixels of a tile of `length` bytes. Returns whether all were present.
 */
function tile<T>(end: usize, length: i32, row: usize, count: i32, blocksize: i32): bool {
  const limit = length * 8;
  let p: i32 = sizeof<T>() * 8;
  if (p > limit) return false;
  store<T>(row - sizeof<T>(), <T>bits(end, 0, sizeof<T>() * 8));
  for (let i = 0; i < count; i += blocksize) {
    p = block<T>(end, p, limit, row, i, min(i + blocksize, count));
    if (p < 0) return false;
  }
  return true;
}

/** Index of the first damaged tile of two: 0, 1, or 2 when both are valid. */
function firstDamaged<T>(
  endA: usize,
  lengthA: i32,
  rowA: usize,
  endB: usize,
  lengthB: i32,
  rowB: usize,
  count: i32,
  blocksize: i32,
): i32 {
  if (pair<T>(endA, lengthA, rowA, endB, lengthB, rowB, count, blocksize)) return 2;
  return tile<T>(endA, lengthA, rowA, count, blocksize) ? 1 : 0;
}

/**
 * Decodes `tiles` tiles into rows `stride` bytes apart from `rows` on. `table` has two words for
 * each: the start and the number of its bytes. `end` and `second` are the ends of the spaces for
 * two reversed tiles.
 * Returns the number of the first damaged tile, or -1.
 */
export function decode(
  width: i32,
  table: usize,
  tiles: i32,
  count: i32,
  blocksize: i32,
  end: usize,
  rows: usize,
  stride: usize,
  second: usize,
): i32 {
  let row = rows;
  for (let k = 0; k < tiles; k++) {
    if (width > 1 && k + 1 < tiles) {
      const lengthA = load<i32>(table + (k << 3), 4);
      const lengthB = load<i32>(table + (k << 3), 12);
      reverse(load<u32>(table + (k << 3)), lengthA, end);
      reverse(load<u32>(table + (k << 3), 8), lengthB, second);
      const below = row + stride;
      const damaged =
        width == 2
          ? firstDamaged<u16>(end, lengthA, row, second, lengthB, below, count, blocksize)
          : firstDamaged<u32>(end, lengthA, row, second, lengthB, below, count, blocksize);
      if (damaged < 2) return k + damaged;
      row += stride << 1;
      k++;
      continue;
    }
    const from = load<u32>(table + (k << 3));
    const length = load<i32>(table + (k << 3), 4);
    reverse(from, length, end);
    const good =
      width == 1
        ? tile<u8>(end, length, row, count, blocksize)
        : width == 2
          ? tile<u16>(end, length, row, count, blocksize)
          : tile<u32>(end, length, row, count, blocksize);
    if (!good) return k;
    row += stride;
  }
  return -1;
}
