/** Numbers in the dither sequence (FITS 4.0, 10.2). */
export const DITHER_LENGTH = 10_000;

let table: Float32Array | undefined;

/**
 * The 10 000 uniform deviates of FITS 4.0, 10.2 (appendix I): Park and Miller's generator, a =
 * 16807, m = 2^31 - 1, seed 1, each rounded to float32 as in cfitsio. Computed once.
 */
export function ditherTable(): Float32Array {
  if (table !== undefined) return table;
  const made = new Float32Array(DITHER_LENGTH);
  let seed = 1;
  for (let i = 0; i < DITHER_LENGTH; i++) {
    seed = (16_807 * seed) % 2_147_483_647;
    made[i] = seed / 2_147_483_647;
  }
  table = made;
  return made;
}

/**
 * Position of a pixel in the sequence: `seed` is the index that chose the run, `next` the deviate
 * to use.
 */
export interface DitherPosition {
  readonly seed: number;
  readonly next: number;
}

/**
 * The index that chooses a tile's first run. `tileRow` is the tile number from 0, plus ZDITHER0 -
 * 1.
 */
export function ditherSeed(tileRow: number): number {
  return ((tileRow % DITHER_LENGTH) + DITHER_LENGTH) % DITHER_LENGTH;
}

/** First deviate of the run chosen by index `seed`. */
export function ditherRun(seed: number): number {
  return Math.trunc(Math.fround(ditherTable()[seed]! * 500));
}

/** Position of pixel `pixel` (from 0) of a tile. */
export function ditherPosition(tileRow: number, pixel: number): DitherPosition {
  let seed = ditherSeed(tileRow);
  let next = ditherRun(seed);
  for (let left = pixel; left > 0; ) {
    const run = DITHER_LENGTH - next;
    if (left < run) return { seed, next: next + left };
    left -= run;
    seed = seed + 1 === DITHER_LENGTH ? 0 : seed + 1;
    next = ditherRun(seed);
  }
  return { seed, next };
}
