// Reads bits from a stream whose bytes were reversed in memory: byte k is at `end - 1 - k`. One
// little-endian 64-bit load at `end - 8 - (p >> 3)`, shifted left by `p & 7`, has the bits from
// position p on at its top, at least 57 of them.

/** Number of bits of one load that certainly belong to the stream. */
export const WINDOW: i32 = 57;

/** The bits from position p on, the first at the top. */
// @ts-ignore: decorator
@inline
export function window(end: usize, p: i32): u64 {
  return load<u64>(end - 8 - (<u32>p >> 3)) << <u64>(p & 7);
}

/**
 * Copies `length` bytes from `from` on in reverse order, so that the first ends up at `end - 1`.
 */
export function reverse(from: usize, length: i32, end: usize): void {
  for (let i = 0; i < length; i += 16) {
    const v = v128.load(from + i);
    v128.store(
      end - 16 - i,
      v128.shuffle<u8>(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
    );
  }
}
