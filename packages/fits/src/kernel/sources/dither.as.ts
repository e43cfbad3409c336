// AssemblyScript source of the walk through the dither sequence (FITS 4.0, 10.2), shared by the
// kernels that need the deviates of a tile. scripts/build-kernels.mjs compiles it with them.
// The deviates are used in runs: the sequence, from a position that a deviate chooses, to its end;
// the next run is chosen by the next deviate, and so on.

const TABLE: i32 = 10_000;

/** The integer for an exact 0.0 under SUBTRACTIVE_DITHER_2. */
export const EXACT_ZERO: i32 = -2_147_483_646;

/** Index of the first deviate of the run that deviate `seed` chooses; 0 without a table. */
// @ts-ignore: decorator
@inline
export function runStart(table: usize, seed: i32): i32 {
  return table == 0 ? 0 : <i32>(load<f32>(table + (<usize>seed << 2)) * 500);
}

/** Pixels of a run that begins at deviate `next`, of `left` pixels. */
// @ts-ignore: decorator
@inline
export function runLength(table: usize, next: i32, left: i32): i32 {
  return table == 0 ? left : min(TABLE - next, left);
}

/** The deviate that chooses the run after that of `seed`. */
// @ts-ignore: decorator
@inline
export function nextSeed(seed: i32): i32 {
  return seed + 1 == TABLE ? 0 : seed + 1;
}
