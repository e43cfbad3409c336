// AssemblyScript source of the sums of stacks. scripts/build-kernels.mjs compiles it. The twin in
// TypeScript is sums-plain.ts.

/** Adds the values that are not NaN to sums, and counts them. */
export function addRow(values: usize, count: i32, sums: usize, counts: usize): void {
  for (let i = 0; i < count; i++) {
    const value = load<f64>(values + (<usize>i << 3));
    if (value !== value) continue;
    const sum = sums + (<usize>i << 3);
    store<f64>(sum, load<f64>(sum) + value);
    const number = counts + (<usize>i << 3);
    store<f64>(number, load<f64>(number) + 1);
  }
}

/**
 * Adds (noise * areas[i])^2 to variances where a value is not NaN, and counts the values: what a
 * median needs of a row.
 */
export function addNoise(
  values: usize,
  areas: usize,
  count: i32,
  noise: f64,
  variances: usize,
  counts: usize,
): void {
  const noises = f64x2.splat(noise);
  const one = f64x2.splat(1);
  let at: usize = 0;
  for (const pairs = <usize>(count & ~1) << 3; at < pairs; at += 16) {
    const value = v128.load(values + at);
    const is = f64x2.eq(value, value);
    const own = f64x2.mul(noises, v128.load(areas + at));
    const added = v128.and(is, f64x2.mul(own, own));
    v128.store(variances + at, f64x2.add(v128.load(variances + at), added));
    v128.store(counts + at, f64x2.add(v128.load(counts + at), v128.and(is, one)));
  }
  if (count & 1) {
    const value = load<f64>(values + at);
    if (value !== value) return;
    const own = noise * load<f64>(areas + at);
    store<f64>(variances + at, load<f64>(variances + at) + own * own);
    store<f64>(counts + at, load<f64>(counts + at) + 1);
  }
}

/** Adds (noise * areas[i])^2 to variances where a value is not NaN. */
export function addVariances(values: usize, areas: usize, count: i32, noise: f64, variances: usize): void {
  for (let i = 0; i < count; i++) {
    const at = <usize>i << 3;
    const value = load<f64>(values + at);
    if (value !== value) continue;
    const one = noise * load<f64>(areas + at);
    store<f64>(variances + at, load<f64>(variances + at) + one * one);
  }
}

/**
 * Adds weighted values, weights and weighted variances where a value is not NaN. The weight is
 * `weight`, divided by the variance if `inverse` is 1.
 */
export function addWeighted(
  values: usize,
  areas: usize,
  count: i32,
  noise: f64,
  weight: f64,
  inverse: i32,
  sums: usize,
  weights: usize,
  variances: usize,
  counts: usize,
): void {
  for (let i = 0; i < count; i++) {
    const at = <usize>i << 3;
    const value = load<f64>(values + at);
    if (value !== value) continue;
    const one = noise * load<f64>(areas + at);
    const variance = one * one;
    const own = inverse === 1 ? weight / variance : weight;
    store<f64>(sums + at, load<f64>(sums + at) + own * value);
    store<f64>(weights + at, load<f64>(weights + at) + own);
    store<f64>(variances + at, load<f64>(variances + at) + own * own * variance);
    store<f64>(counts + at, load<f64>(counts + at) + 1);
  }
}
