/** The k-th smallest (from 0) of the first `count` values, which are partly sorted around it. */
function select(values: Float64Array, count: number, k: number): number {
  let left = 0;
  let right = count - 1;
  while (right - left > 12) {
    const a = values[left]!;
    const b = values[(left + right) >> 1]!;
    const c = values[right]!;
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const kept = values[i]!;
        values[i] = values[j]!;
        values[j] = kept;
        i++;
        j--;
      }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else return pivot;
  }
  for (let i = left + 1; i <= right; i++) {
    const value = values[i]!;
    let j = i - 1;
    for (; j >= left && values[j]! > value; j--) values[j + 1] = values[j]!;
    values[j + 1] = value;
  }
  return values[k]!;
}

/**
 * The median of the first `count` values, none of them NaN, which are reordered; of an even number,
 * the mean of the two in the middle. NaN if there are none. The twin of the kernel.
 */
export function medianPlain(values: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  const half = count >> 1;
  const upper = select(values, count, half);
  // + 0 makes a selected negative zero positive
  if ((count & 1) === 1) return upper + 0;
  // all values before `half` are at most `upper`
  let lower = values[0]!;
  for (let i = 1; i < half; i++) lower = Math.max(lower, values[i]!);
  return (lower + upper) / 2 + 0;
}

/**
 * Replaces infinities among the first `count` values by NaN, and copies those that are finite to
 * `work`; returns their number. The twin of the kernel.
 */
export function finitePlain(values: Float64Array, count: number, work: Float64Array): number {
  let n = 0;
  for (let i = 0; i < count; i++) {
    if (Number.isFinite(values[i]!)) work[n++] = values[i]!;
    else values[i] = Number.NaN;
  }
  return n;
}

/**
 * Replaces the first `count` values by their absolute differences from one value. The twin of the
 * kernel.
 */
export function distancesPlain(values: Float64Array, count: number, from: number): void {
  for (let i = 0; i < count; i++) values[i] = Math.abs(values[i]! - from);
}

/**
 * Medians over `frames` planes of `pixels` values, one plane after the other; NaN does not count.
 * The twin of the kernel.
 */
export function mediansPlain(cube: Float64Array, frames: number, pixels: number, out: Float64Array): void {
  const work = new Float64Array(frames);
  for (let pixel = 0; pixel < pixels; pixel++) {
    out[pixel] = medianPlain(work, gather(cube, frames, pixels, pixel, work));
  }
}

/** Copies the values of a pixel that are not NaN; returns their number. */
function gather(
  cube: Float64Array,
  frames: number,
  pixels: number,
  pixel: number,
  work: Float64Array,
): number {
  let n = 0;
  for (let frame = 0; frame < frames; frame++) {
    const value = cube[frame * pixels + pixel]!;
    if (!Number.isNaN(value)) work[n++] = value;
  }
  return n;
}

/** When values are rejected: farther than `limit` sigma from the median. */
export interface Clipping {
  /** In units of 1.4826 MAD. */
  readonly limit: number;
  readonly rounds: number;
  /** Pixels with fewer values than this have none rejected. */
  readonly fewest: number;
}

/** 1 / Phi^-1(3/4): the standard deviation of a normal distribution by its MAD. */
export const MAD_TO_SIGMA = 1.482602218505602;

/**
 * Means over planes after clipping, as astropy's sigma_clip with cenfunc median and stdfunc
 * mad_std. Replaces the rejected values in the cube by NaN. The twin of the kernel.
 */
export function clippedMeansPlain(
  cube: Float64Array,
  frames: number,
  pixels: number,
  { limit, rounds, fewest }: Clipping,
  out: Float64Array,
  counts: Float64Array,
): void {
  const work = new Float64Array(frames);
  for (let pixel = 0; pixel < pixels; pixel++) {
    let n = gather(cube, frames, pixels, pixel, work);
    let before = n >= fewest ? n + 1 : n;
    for (let round = 0; round < rounds && n < before; round++) {
      const median = medianPlain(work, n);
      for (let i = 0; i < n; i++) work[i] = Math.abs(work[i]! - median);
      const reach = limit * (MAD_TO_SIGMA * medianPlain(work, n));
      for (let frame = 0; frame < frames; frame++) {
        const value = cube[frame * pixels + pixel]!;
        if (value < median - reach || value > median + reach) cube[frame * pixels + pixel] = Number.NaN;
      }
      before = n;
      n = gather(cube, frames, pixels, pixel, work);
    }
    let sum = 0;
    for (let frame = 0; frame < frames; frame++) {
      const value = cube[frame * pixels + pixel]!;
      if (!Number.isNaN(value)) sum += value;
    }
    out[pixel] = sum / n;
    counts[pixel] = n;
  }
}
