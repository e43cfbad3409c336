/** Sums over frames, one for every pixel of a strip. */
export interface StripSums {
  readonly sums: Float64Array;
  /** Of weighted means only. */
  readonly weights: Float64Array;
  readonly variances: Float64Array;
  readonly counts: Float64Array;
}

/** Adds the values that are not NaN to sums, and counts them. The twin of the kernel. */
export function addRowPlain(
  values: Float64Array,
  count: number,
  sums: Float64Array,
  counts: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    sums[i]! += value;
    counts[i]! += 1;
  }
}

/**
 * Adds (noise * areas[i])^2 to variances where a value is not NaN, and counts the values: what a
 * median needs of a row. The twin of the kernel.
 */
export function addNoisePlain(
  values: Float64Array,
  areas: Float64Array,
  count: number,
  noise: number,
  variances: Float64Array,
  counts: Float64Array,
): void {
  addVariancesPlain(values, areas, count, noise, variances);
  for (let i = 0; i < count; i++) if (!Number.isNaN(values[i]!)) counts[i]! += 1;
}

/** Adds (noise * areas[i])^2 to variances where a value is not NaN. The twin of the kernel. */
export function addVariancesPlain(
  values: Float64Array,
  areas: Float64Array,
  count: number,
  noise: number,
  variances: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(values[i]!)) continue;
    const one = noise * areas[i]!;
    variances[i]! += one * one;
  }
}

/** The weight of a frame in a weighted mean, divided by its variance at a pixel if `inverse`. */
export interface FrameWeight {
  readonly weight: number;
  readonly inverse: boolean;
}

/**
 * Adds weighted values, weights and weighted variances where a value is not NaN. The twin of the
 * kernel.
 * @param noise standard deviation of the frame, before the area of a pixel
 */
export function addWeightedPlain(
  values: Float64Array,
  areas: Float64Array,
  count: number,
  noise: number,
  { weight, inverse }: FrameWeight,
  { sums, weights, variances, counts }: StripSums,
): void {
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const one = noise * areas[i]!;
    const variance = one * one;
    const own = inverse ? weight / variance : weight;
    sums[i]! += own * value;
    weights[i]! += own;
    variances[i]! += own * own * variance;
    counts[i]! += 1;
  }
}
