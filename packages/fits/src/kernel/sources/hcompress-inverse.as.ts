// The inverse H-transform (White 1992), level by level, with its smoothing. Integers of 32 or 64
// bits.

// @ts-ignore: decorator
@inline
export function at<T>(array: usize, i: i32): usize {
  return array + (<usize>i << alignof<T>());
}

// @ts-ignore: decorator
@inline
export function half(n: i32): i32 {
  return (n + 1) >> 1;
}

// @ts-ignore: decorator
@inline
function clamp<T>(value: T, least: T, most: T): T {
  return value < most ? (value > least ? value : least) : most > least ? most : least;
}

// @ts-ignore: decorator
@inline
function less<T>(a: T, b: T): T {
  return a < b ? a : b;
}

// @ts-ignore: decorator
@inline
function more<T>(a: T, b: T): T {
  return a > b ? a : b;
}

/**
 * Changes a slope towards the value interpolated from its neighbors: `diff` is 8 times that,
 * limited so that the means stay monotonic.
 */
// @ts-ignore: decorator
@inline
function smoothSlope<T>(to: usize, before: T, here: T, after: T, most: T): void {
  const up = after - here;
  const down = here - before;
  const highest = more<T>(less<T>(up, down), 0) << 2;
  const lowest = less<T>(more<T>(up, down), 0) << 2;
  if (lowest >= highest) return;
  const slope = load<T>(to);
  let s = clamp<T>(after - before, lowest, highest) - (slope << 3);
  s = s >= 0 ? s >> 3 : (s + 7) >> 3;
  store<T>(to, slope + clamp<T>(s, -most, most));
}

/**
 * Smooths the differences of one level by interpolation of the means. A row of `means` has
 * half(columns).
 */
export function smooth<T>(means: usize, array: usize, stride: i32, rows: i32, columns: i32, scale: i32): void {
  const most = <T>(scale >> 1);
  if (most <= 0) return;
  const r = half(rows);
  const c = half(columns);
  const hx = at<T>(array, r * stride);
  const hy = at<T>(array, c);
  const hc = at<T>(hx, c);
  for (let i = 1; 2 * i < rows - 2; i++) {
    for (let j = 0; j < c; j++) {
      const m = at<T>(means, i * c + j);
      const step = <usize>c << alignof<T>();
      smoothSlope<T>(at<T>(hx, i * stride + j), load<T>(m - step), load<T>(m), load<T>(m + step), most);
    }
  }
  for (let i = 0; i < r; i++) {
    for (let j = 1; 2 * j < columns - 2; j++) {
      const m = at<T>(means, i * c + j);
      const step = sizeof<T>();
      smoothSlope<T>(at<T>(hy, i * stride + j), load<T>(m - step), load<T>(m), load<T>(m + step), most);
    }
  }
  for (let i = 1; 2 * i < rows - 2; i++) {
    for (let j = 1; 2 * j < columns - 2; j++) {
      const k = i * c + j;
      const hmm = load<T>(at<T>(means, k - c - 1));
      const hpm = load<T>(at<T>(means, k + c - 1));
      const hmp = load<T>(at<T>(means, k - c + 1));
      const hpp = load<T>(at<T>(means, k + c + 1));
      const h0 = load<T>(at<T>(means, k));
      const x2 = load<T>(at<T>(hx, i * stride + j)) << 1;
      const y2 = load<T>(at<T>(hy, i * stride + j)) << 1;
      const highest =
        less<T>(
          less<T>(more<T>(hpp - h0, 0) - x2 - y2, more<T>(h0 - hpm, 0) + x2 - y2),
          less<T>(more<T>(h0 - hmp, 0) - x2 + y2, more<T>(hmm - h0, 0) + x2 + y2),
        ) << 4;
      const lowest =
        more<T>(
          more<T>(less<T>(hpp - h0, 0) - x2 - y2, less<T>(h0 - hpm, 0) + x2 - y2),
          more<T>(less<T>(h0 - hmp, 0) - x2 + y2, less<T>(hmm - h0, 0) + x2 + y2),
        ) << 4;
      if (lowest >= highest) continue;
      const to = at<T>(hc, i * stride + j);
      const curve = load<T>(to);
      let s = clamp<T>(hpp + hmm - hmp - hpm, lowest, highest) - (curve << 6);
      s = s >= 0 ? s >> 6 : (s + 63) >> 6;
      store<T>(to, curve + clamp<T>(s, -most, most));
    }
  }
}

// @ts-ignore: decorator
@inline
export function rounded<T>(value: T, up: T, down: T, mask: T): T {
  return (value + (value >= 0 ? up : down)) & mask;
}

// @ts-ignore: decorator
@inline
function towardsZero<T>(value: T, step: T): T {
  return value >= 0 ? value - step : value + step;
}

/**
 * One level of the inverse transform: means (half(rows) by half(columns)) and differences give rows
 * by columns values at `out`, packed. `bit` is the weight of the lowest bit of the level; the last
 * level has 1 and divides by 4.
 */
export function level<T>(means: usize, array: usize, stride: i32, rows: i32, columns: i32, bit: T, out: usize): void {
  const last = bit == 1;
  const shift: T = last ? 2 : 1;
  const bit1 = bit << 1;
  const mask0 = -bit;
  const mask1 = -bit1;
  const up0 = bit >> 1;
  const down0: T = last ? 0 : up0 - 1;
  const up1 = bit;
  const down1 = up1 - 1;
  const r = half(rows);
  const c = half(columns);
  const hasOddColumn = (columns & 1) != 0;
  const pairs = columns >> 1;
  for (let i = 0; i < r; i++) {
    const m = at<T>(means, i * c);
    const y = at<T>(array, i * stride + c);
    const upper = at<T>(out, 2 * i * columns);
    if (2 * i + 1 == rows) {
      for (let j = 0; j < pairs; j++) {
        const hy = rounded<T>(load<T>(at<T>(y, j)), up1, down1, mask1);
        const h0 = towardsZero<T>(load<T>(at<T>(m, j)), hy & bit1);
        store<T>(at<T>(upper, 2 * j), (h0 - hy) >> shift);
        store<T>(at<T>(upper, 2 * j + 1), (h0 + hy) >> shift);
      }
      if (hasOddColumn) store<T>(at<T>(upper, columns - 1), load<T>(at<T>(m, pairs)) >> shift);
      break;
    }
    const x = at<T>(array, (r + i) * stride);
    const xy = at<T>(x, c);
    const lower = at<T>(upper, columns);
    for (let j = 0; j < pairs; j++) {
      let hx = rounded<T>(load<T>(at<T>(x, j)), up1, down1, mask1);
      let hy = rounded<T>(load<T>(at<T>(y, j)), up1, down1, mask1);
      const hc = rounded<T>(load<T>(at<T>(xy, j)), up0, down0, mask0);
      const low0 = hc & bit;
      hx = towardsZero<T>(hx, low0);
      hy = towardsZero<T>(hy, low0);
      const low1 = (hc ^ hx ^ hy) & bit1;
      let h0 = load<T>(at<T>(m, j));
      h0 += h0 >= 0 || low0 != 0 ? low0 - low1 : low1;
      store<T>(at<T>(upper, 2 * j), (h0 - hx - hy + hc) >> shift);
      store<T>(at<T>(upper, 2 * j + 1), (h0 - hx + hy - hc) >> shift);
      store<T>(at<T>(lower, 2 * j), (h0 + hx - hy - hc) >> shift);
      store<T>(at<T>(lower, 2 * j + 1), (h0 + hx + hy + hc) >> shift);
    }
    if (hasOddColumn) {
      const hx = rounded<T>(load<T>(at<T>(x, pairs)), up1, down1, mask1);
      const h0 = towardsZero<T>(load<T>(at<T>(m, pairs)), hx & bit1);
      store<T>(at<T>(upper, columns - 1), (h0 - hx) >> shift);
      store<T>(at<T>(lower, columns - 1), (h0 + hx) >> shift);
    }
  }
}
