// AssemblyScript source of the walk through the dither sequence (FITS 4.0, 10.2), shared by the
// kernels that need the deviates of a tile. scripts/build-kernels.mjs compiles it with them.
// The deviates are used in runs: from a position that a deviate chooses to the end of the sequence;
// the next deviate chooses the next run, and so on.

const TABLE: i32 = 10_000;

/** The integer for an exact 0.0 under SUBTRACTIVE_DITHER_2. */
export const EXACT_ZERO: i32 = -2_147_483_646;

/** The current run: its number of integers, the number before it, and its deviates (0: none). */
export let runCount: i32 = 0;
export let runOffset: usize = 0;
export let runDither: usize = 0;

let first: i32 = 0;
let end: i32 = 0;
let table: usize = 0;
let seed: i32 = 0;
let passed: i32 = 0;

/**
 * Begins with integers `from` to `to` of a row. `deviates` has the table as float32, or is 0 when
 * the row was not dithered; `chooser` is the deviate that chooses the first run of the row.
 */
export function beginRuns(from: i32, to: i32, deviates: usize, chooser: i32): void {
  first = from;
  end = to;
  table = deviates;
  seed = chooser;
  passed = 0;
}

/** Goes to the next run with integers that are wanted; false after the last. */
export function nextRun(): bool {
  while (passed < end) {
    const next: i32 = table == 0 ? 0 : <i32>(load<f32>(table + (<usize>seed << 2)) * 500);
    const length: i32 = table == 0 ? end - passed : min(TABLE - next, end - passed);
    const start = max(first, passed);
    runCount = passed + length - start;
    runOffset = <usize>(start - first);
    runDither = table == 0 ? 0 : table + (<usize>(next + start - passed) << 2);
    passed += length;
    seed = seed + 1 == TABLE ? 0 : seed + 1;
    if (runCount > 0) return true;
  }
  return false;
}
