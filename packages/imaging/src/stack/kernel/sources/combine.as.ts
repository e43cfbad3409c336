// AssemblyScript source of the order statistics of stacks. scripts/build-kernels.mjs compiles it.
// The twin in TypeScript is combine-plain.ts.

/** Address of the value at an index. */
// @ts-ignore: decorator
@inline
function nth(values: usize, place: i32): usize {
  return values + (<usize>place << 3);
}

/**
 * Moves the values of left .. right below the pivot to the front, or with `equal` those that are at
 * most the pivot; returns the index after them. Branchless, because a branch would be mispredicted
 * for every second value.
 */
// @ts-ignore: decorator
@inline
function partition(values: usize, left: i32, right: i32, pivot: f64, equal: bool): i32 {
  let to = nth(values, left);
  const end = nth(values, right);
  for (let from = to; from <= end; from += 8) {
    const value = load<f64>(from);
    store<f64>(from, load<f64>(to));
    store<f64>(to, value);
    to += <usize>(equal ? value <= pivot : value < pivot) << 3;
  }
  return <i32>((to - values) >> 3);
}

/** With more values than this, the pivot is taken from a sample, as by Floyd and Rivest (1975). */
const FEW: i32 = 600;

/** A pivot near the k-th smallest of left .. right, such that k is probably in the smaller part. */
function pivotOf(values: usize, left: i32, right: i32, k: i32): f64 {
  const count = right - left + 1;
  if (count <= FEW) {
    const a = load<f64>(nth(values, left));
    const b = load<f64>(nth(values, (left + right) >> 1));
    const c = load<f64>(nth(values, right));
    return max(min(a, b), min(max(a, b), c));
  }
  const size = <i32>(4 * sqrt(<f64>count));
  const step = count / size;
  for (let i = 0, at = left; i < size; i++, at += step) {
    const first = nth(values, left + i);
    const other = nth(values, at);
    const kept = load<f64>(first);
    store<f64>(first, load<f64>(other));
    store<f64>(other, kept);
  }
  const share = <f64>(k - left) / <f64>count;
  const margin = sqrt(<f64>size) * (share <= 0.51 ? 1 : -1);
  const rank = <i32>max(0, min(<f64>(size - 1), share * <f64>size + margin));
  return select(nth(values, left), size, rank);
}

/** The k-th smallest (from 0) of `count` values, which are partly sorted around it. */
function select(values: usize, count: i32, k: i32): f64 {
  let left = 0;
  let right = count - 1;
  while (right - left > 12) {
    const pivot = pivotOf(values, left, right, k);
    const below = partition(values, left, right, pivot, false);
    if (k < below) {
      right = below - 1;
      continue;
    }
    left = partition(values, below, right, pivot, true);
    if (k < left) return pivot;
  }
  for (let i = left + 1; i <= right; i++) {
    const value = load<f64>(nth(values, i));
    let at = nth(values, i);
    const first = nth(values, left);
    while (at > first && load<f64>(at - 8) > value) {
      store<f64>(at, load<f64>(at - 8));
      at -= 8;
    }
    store<f64>(at, value);
  }
  return load<f64>(nth(values, k));
}

/**
 * The median, given `half` of the values and the `upper` one of the two in the middle; a selected
 * negative zero becomes positive.
 */
// @ts-ignore: decorator
@inline
function middle(values: usize, half: i32, even: bool, upper: f64): f64 {
  if (!even) return upper + 0;
  // all values before `half` are at most `upper`
  let lower = load<f64>(values);
  for (let i = 1; i < half; i++) lower = max(lower, load<f64>(nth(values, i)));
  return (lower + upper) / 2 + 0;
}

/**
 * The median of `count` values without NaN, which are reordered; of an even number, the mean of the
 * two in the middle. NaN if there are none.
 */
export function medianOf(values: usize, count: i32): f64 {
  if (count === 0) return f64.NaN;
  const half = count >> 1;
  return middle(values, half, (count & 1) === 0, select(values, count, half));
}

/** Copies the values that are not NaN; returns their number. */
function gather(values: usize, count: i32, to: usize): i32 {
  let n = 0;
  for (let i = 0; i < count; i++) {
    const value = load<f64>(nth(values, i));
    store<f64>(nth(to, n), value);
    n += <i32>(value === value);
  }
  return n;
}

/** Half the width, and the middle, of the values among which the next median is sought first. */
let reach: f64 = f64.NaN;
let around: f64 = f64.NaN;

/**
 * The median of the values of a pixel, as medianOf. It is sought near the median of the previous
 * pixel first, then among all values.
 */
function medianNear(values: usize, count: i32, work: usize): f64 {
  const low = around - reach;
  const high = around + reach;
  let n = 0;
  let below = 0;
  let near = 0;
  for (let i = 0; i < count; i++) {
    const value = load<f64>(nth(values, i));
    store<f64>(nth(work, near), value);
    n += <i32>(value === value);
    below += <i32>(value < low);
    near += <i32>(value >= low) & <i32>(value <= high);
  }
  const half = n >> 1;
  const even = (n & 1) === 0;
  const place = half - below;
  if (place >= <i32>even && place < near) {
    around = middle(work, place, even, select(work, near, place));
    return around;
  }
  n = gather(values, count, work);
  const median = medianOf(work, n);
  if (n > 0) {
    // about 2 standard deviations of a median, to either side
    const far = min(n - 1, (n >> 1) + <i32>(2 * sqrt(<f64>n)));
    reach = select(work, n, far) - median;
    around = median;
  }
  return median;
}

/** Pixels that are read together: those of a line of the processor's cache. */
const TOGETHER: i32 = 8;

/**
 * Medians over `frames` planes of `pixels` values, each followed by the next; NaN does not count.
 * `work` has room for 9 (frames + 1) values.
 */
export function medians(cube: usize, frames: i32, pixels: i32, out: usize, work: usize): void {
  const stride = <usize>pixels << 3;
  // an odd number, because powers of two would share cache sets
  const column = <usize>(frames | 1) << 3;
  const scratch = work + 8 * column;
  reach = f64.NaN;
  around = f64.NaN;
  for (let pixel = 0; pixel < pixels; pixel += TOGETHER) {
    const columns = min(TOGETHER, pixels - pixel);
    let from = nth(cube, pixel);
    if (columns === TOGETHER) {
      for (let frame = 0; frame < frames; frame++, from += stride) {
        let to = nth(work, frame);
        for (let i = 0; i < 8; i++, to += column) store<f64>(to, load<f64>(nth(from, i)));
      }
    } else {
      for (let frame = 0; frame < frames; frame++, from += stride) {
        let to = nth(work, frame);
        for (let i = 0; i < columns; i++, to += column) store<f64>(to, load<f64>(nth(from, i)));
      }
    }
    for (let i = 0; i < columns; i++) {
      store<f64>(nth(out, pixel + i), medianNear(work + <usize>i * column, frames, scratch));
    }
  }
}

/**
 * Replaces infinities by NaN, and copies the values that are finite to `work`; returns their
 * number.
 */
export function finite(values: usize, count: i32, work: usize): i32 {
  let n = 0;
  for (let i = 0; i < count; i++) {
    const value = load<f64>(nth(values, i));
    // 0 or NaN
    const none = value - value;
    store<f64>(nth(values, i), none === none ? value : f64.NaN);
    store<f64>(nth(work, n), value);
    n += <i32>(none === none);
  }
  return n;
}

/** Replaces values by their absolute differences from one value. */
export function distances(values: usize, count: i32, from: f64): void {
  for (let i = 0; i < count; i++) {
    const at = nth(values, i);
    store<f64>(at, abs(load<f64>(at) - from));
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
