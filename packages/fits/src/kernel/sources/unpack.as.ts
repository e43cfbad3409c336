// AssemblyScript source of the kernel that converts big-endian pixels, plain or with their bytes in
// planes (GZIP_2), to native ones. It processes whole vectors: up to 64 bytes after the last pixel
// are written too.

/**
 * Unpacks `count` pixels of 2 or 4 bytes. `plane`: bytes from one plane to the next, or 0 when the
 * bytes of a pixel are contiguous.
 */
export function unpack(from: usize, to: usize, count: i32, width: i32, plane: usize): void {
  if (plane == 0) {
    const length = <usize>(count * width);
    for (let i: usize = 0; i < length; i += 16) {
      const v = v128.load(from + i);
      const swapped =
        width == 2
          ? v128.shuffle<u8>(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)
          : v128.shuffle<u8>(v, v, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
      v128.store(to + i, swapped);
    }
    return;
  }
  let out = to;
  for (let i: usize = 0; i < <usize>count; i += 16) {
    const a = v128.load(from + i);
    const b = v128.load(from + plane + i);
    if (width == 2) {
      v128.store(out, lower(b, a));
      v128.store(out, upper(b, a), 16);
      out += 32;
      continue;
    }
    const c = v128.load(from + 2 * plane + i);
    const d = v128.load(from + 3 * plane + i);
    put(out, lower(d, c), lower(b, a));
    put(out + 32, upper(d, c), upper(b, a));
    out += 64;
  }
}

// @ts-ignore: decorator
@inline
function lower(low: v128, high: v128): v128 {
  return v128.shuffle<u8>(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function upper(low: v128, high: v128): v128 {
  return v128.shuffle<u8>(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** Eight pixels of 4 bytes from their lower and upper halves. */
// @ts-ignore: decorator
@inline
function put(out: usize, low: v128, high: v128): void {
  v128.store(out, v128.shuffle<u16>(low, high, 0, 8, 1, 9, 2, 10, 3, 11));
  v128.store(out, v128.shuffle<u16>(low, high, 4, 12, 5, 13, 6, 14, 7, 15), 16);
}
