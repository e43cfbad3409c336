import { zscale } from "@sbnsis/imaging";
import { type PixelImage, valuesOf } from "./pixels.ts";

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
const SAMPLE = 65_536;

/**
 * Computes the statistics of an image; percentiles are those of at most 65,536 values, evenly
 * spaced.
 */
export function imageStatistics(image: PixelImage): ImageStatistics {
  const values = valuesOf(image).filter(Number.isFinite);
  const step = Math.max(1, Math.ceil(values.length / SAMPLE));
  const sample = (step === 1 ? values.slice() : values.filter((_, i) => i % step === 0)).sort();
  const at = (fraction: number) => sample[Math.round(fraction * (sample.length - 1))] ?? Number.NaN;
  const sky = at(0.5);
  const deviations = sample.map((value) => Math.abs(value - sky)).sort();
  const found = zscale(values);
  let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return {
    ...{ sky, minimum, maximum },
    sigma: MAD_TO_SIGMA * (deviations[Math.round(0.5 * (deviations.length - 1))] ?? Number.NaN),
    zscale: [found?.vmin ?? Number.NaN, found?.vmax ?? Number.NaN],
    percentile: [at(0.005), at(0.995)],
    valid: values.length / (image.width * image.height),
  };
}
