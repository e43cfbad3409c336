// AssemblyScript source of the order statistics of stacks. scripts/build-kernels.mjs compiles it.
// The twin in TypeScript is combine-plain.ts.

/** The k-th smallest (from 0) of `count` values, which are partly sorted around it. */
function select(values: usize, count: i32, k: i32): f64 {
  let left = 0;
  let right = count - 1;
  while (right - left > 12) {
    // the median of three as pivot
    const middle = (left + right) >> 1;
    const a = load<f64>(values + (<usize>left << 3));
    const b = load<f64>(values + (<usize>middle << 3));
    const c = load<f64>(values + (<usize>right << 3));
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = left;
    let j = right;
    while (i <= j) {
      while (load<f64>(values + (<usize>i << 3)) < pivot) i++;
      while (load<f64>(values + (<usize>j << 3)) > pivot) j--;
      if (i <= j) {
        const low = values + (<usize>i << 3);
        const high = values + (<usize>j << 3);
        const kept = load<f64>(low);
        store<f64>(low, load<f64>(high));
        store<f64>(high, kept);
        i++;
        j--;
      }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else return pivot;
  }
  for (let i = left + 1; i <= right; i++) {
    const value = load<f64>(values + (<usize>i << 3));
    let j = i - 1;
    while (j >= left && load<f64>(values + (<usize>j << 3)) > value) {
      store<f64>(values + (<usize>j << 3), load<f64>(values + (<usize>j << 3)), 8);
      j--;
    }
    store<f64>(values + (<usize>j << 3), value, 8);
  }
  return load<f64>(values + (<usize>k << 3));
}

/**
 * The median of `count` values without NaN, which are reordered; of an even number, the mean of the
 * two in the middle. NaN if there are none.
 */
export function medianOf(values: usize, count: i32): f64 {
  if (count === 0) return f64.NaN;
  const half = count >> 1;
  const upper = select(values, count, half);
  if ((count & 1) === 1) return upper;
  // all values before `half` are at most `upper`
  let lower = load<f64>(values);
  for (let i = 1; i < half; i++) lower = max(lower, load<f64>(values + (<usize>i << 3)));
  return (lower + upper) / 2;
}

/**
 * Medians over `frames` planes of `pixels` values, each followed by the next; NaN does not count.
 * `work` has room for `frames` values.
 */
export function medians(cube: usize, frames: i32, pixels: i32, out: usize, work: usize): void {
  const stride = <usize>pixels << 3;
  for (let pixel = 0; pixel < pixels; pixel++) {
    let from = cube + (<usize>pixel << 3);
    let n = 0;
    for (let frame = 0; frame < frames; frame++, from += stride) {
      const value = load<f64>(from);
      store<f64>(work + (<usize>n << 3), value);
      n += <i32>(value === value);
    }
    store<f64>(out + (<usize>pixel << 3), medianOf(work, n));
  }
}

/** 1 / Phi^-1(3/4): the standard deviation of a normal distribution by its MAD. */
const MAD_TO_SIGMA: f64 = 1.482602218505602;

/**
 * Means over planes after values farther than `limit` sigma (1.4826 MAD) from the median were
 * rejected, in at most `rounds` rounds, from pixels with at least `fewest` values. Replaces the
 * rejected values by NaN.
 */
export function clippedMeans(
  cube: usize,
  frames: i32,
  pixels: i32,
  limit: f64,
  rounds: i32,
  fewest: i32,
  out: usize,
  counts: usize,
  work: usize,
): void {
  const stride = <usize>pixels << 3;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const start = cube + (<usize>pixel << 3);
    let n = 0;
    let from = start;
    for (let frame = 0; frame < frames; frame++, from += stride) {
      const value = load<f64>(from);
      store<f64>(work + (<usize>n << 3), value);
      n += <i32>(value === value);
    }
    for (let round = 0, before = n >= fewest ? n + 1 : n; round < rounds && n < before; round++) {
      const median = medianOf(work, n);
      for (let i = 0; i < n; i++) {
        const at = work + (<usize>i << 3);
        store<f64>(at, abs(load<f64>(at) - median));
      }
      const reach = limit * (MAD_TO_SIGMA * medianOf(work, n));
      before = n;
      n = 0;
      from = start;
      for (let frame = 0; frame < frames; frame++, from += stride) {
        const value = load<f64>(from);
        if (value !== value) continue;
        if (value < median - reach || value > median + reach) store<f64>(from, f64.NaN);
        else {
          store<f64>(work + (<usize>n << 3), value);
          n++;
        }
      }
    }
    let sum: f64 = 0;
    from = start;
    for (let frame = 0; frame < frames; frame++, from += stride) {
      const value = load<f64>(from);
      if (value === value) sum += value;
    }
    store<f64>(out + (<usize>pixel << 3), sum / <f64>n);
    store<f64>(counts + (<usize>pixel << 3), <f64>n);
  }
}
