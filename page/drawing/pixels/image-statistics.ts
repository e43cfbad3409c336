import { valuesAtRanks, zscaleOfSamples } from "@sbnsis/imaging";
import type { PixelImage } from "./pixels.ts";

/** Statistics of the values of an image. */
export interface ImageStatistics {
  /** Median of the values, and 1.4826 times their median absolute deviation; NaN without values. */
  readonly sky: number;
  readonly sigma: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Black and white by zscale, as in /images. */
  readonly zscale: readonly [number, number];
  /** The 0.5 and 99.5 percentiles. */
  readonly percentile: readonly [number, number];
  /** Fraction of the pixels that have a value. */
  readonly valid: number;
}

const MAD_TO_SIGMA = 1.4826;
/** Number of values from which percentiles are computed. */
const SAMPLE = 16_384;
/** Number of values for zscale (astropy's ZScaleInterval). */
const ZSCALE_VALUES = 1000;
const PERCENTILES = [0.005, 0.995] as const;

/**
 * Computes the statistics of an image; percentiles are those of at most 16,384 values, evenly
 * spaced.
 */
export function imageStatistics(image: PixelImage): ImageStatistics {
  const values = finiteValues(image);
  const sample = everyNth(values, Math.ceil(values.length / SAMPLE));
  const last = sample.length - 1;
  const ranks = [0.5, ...PERCENTILES].map((fraction) => Math.round(fraction * last));
  const [sky = Number.NaN, low = Number.NaN, high = Number.NaN] =
    sample.length === 0 ? [] : valuesAtRanks(sample, ranks);
  const evenly = everyNth(values, Math.floor(values.length / ZSCALE_VALUES));
  const levels = zscaleOfSamples(evenly.subarray(0, ZSCALE_VALUES));
  let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return {
    ...{ sky, minimum, maximum },
    sigma: MAD_TO_SIGMA * medianDeviation(sample, sky),
    zscale: [levels?.vmin ?? Number.NaN, levels?.vmax ?? Number.NaN],
    percentile: [low, high],
    valid: values.length / (image.width * image.height),
  };
}

/** The values of an image that are finite numbers, in storage order. */
function finiteValues({ stored, zero, scale, blank }: PixelImage): Float64Array {
  const values = new Float64Array(stored.length);
  let n = 0;
  for (let i = 0; i < stored.length; i++) {
    const number = stored[i]!;
    if (number - number === 0 && number !== blank) values[n++] = zero + scale * number;
  }
  return values.subarray(0, n);
}

function everyNth(values: Float64Array, n: number): Float64Array {
  const step = Math.max(1, n);
  const found = new Float64Array(Math.ceil(values.length / step));
  for (let i = 0; i < found.length; i++) found[i] = values[i * step]!;
  return found;
}

/** Median of the absolute deviations from `center`; overwrites the values. NaN without any. */
function medianDeviation(values: Float64Array, center: number): number {
  if (values.length === 0) return Number.NaN;
  for (let i = 0; i < values.length; i++) values[i] = Math.abs(values[i]! - center);
  return valuesAtRanks(values, [Math.round(0.5 * (values.length - 1))])[0]!;
}
