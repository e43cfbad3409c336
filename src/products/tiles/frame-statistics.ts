import { zscaleOfSamples } from "@sbnsis/imaging";
import type { FrameStatistics } from "./tile-plan.ts";

/** Approximate number of values for percentiles and the histogram. */
const SAMPLE_VALUES = 1 << 20;

/** Number of values for zscale (astropy's ZScaleInterval). */
const ZSCALE_VALUES = 1000;

const BINS = 256;

/** Ends of the histogram, in percent of the values, and the margin beyond them. */
const HISTOGRAM_PERCENT = 0.1;
const HISTOGRAM_MARGIN = 0.05;

/** Converts a median absolute deviation to the standard deviation of normal noise. */
const MAD_TO_SIGMA = 1.4826;

/** Collects statistics of a frame while its rows pass by, from the lowest. */
export class StatisticsOfRows {
  readonly #width: number;
  readonly #rowStep: number;
  readonly #stride: number;
  readonly #sample: Float64Array;
  readonly #zscale = new Float64Array(ZSCALE_VALUES + 1);
  #sampled = 0;
  #zscaled = 0;
  #next = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;
  #missing = false;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#rowStep = Math.max(1, Math.floor((width * height) / SAMPLE_VALUES));
    this.#stride = Math.floor(Math.max(1, (width * height) / ZSCALE_VALUES));
    this.#sample = new Float64Array(width * Math.ceil(height / this.#rowStep));
  }

  /**
   * Adds row `y`, which begins at index `at`: value = zero + scale * number.
   * @param complete whether every pixel has a value
   */
  add(
    y: number,
    numbers: ArrayLike<number>,
    at: number,
    complete: boolean,
    zero: number,
    scale: number,
  ): void {
    const width = this.#width;
    const [least, most] = complete ? extremes(numbers, at, width) : this.#finiteExtremes(numbers, at);
    for (const end of [zero + scale * least, zero + scale * most]) {
      if (end - end !== 0) continue;
      if (end < this.#least) this.#least = end;
      if (end > this.#most) this.#most = end;
    }
    if (y % this.#rowStep === 0) {
      for (let i = at; i < at + width; i++) {
        const value = zero + scale * numbers[i]!;
        if (value - value === 0) this.#sample[this.#sampled++] = value;
      }
    }
    for (const end = (y + 1) * width; this.#next < end; this.#next += this.#stride) {
      const value = zero + scale * numbers[at + this.#next - y * width]!;
      if (value - value === 0 && this.#zscaled < ZSCALE_VALUES) this.#zscale[this.#zscaled++] = value;
    }
  }

  #finiteExtremes(numbers: ArrayLike<number>, at: number): readonly [number, number] {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = at; i < at + this.#width; i++) {
      const number = numbers[i]!;
      // infinite values are no values either
      if (number - number !== 0) {
        this.#missing = true;
        continue;
      }
      if (number < least) least = number;
      if (number > most) most = number;
    }
    return [least, most];
  }

  /** The statistics of all rows. */
  finish(): FrameStatistics {
    const zscale = zscaleOfSamples(this.#zscale.subarray(0, this.#zscaled));
    const sorted = this.#sample.subarray(0, this.#sampled).sort();
    if (zscale === undefined || sorted.length === 0) return { cuts: null, histogram: null, blank: true };
    const median = percentile(sorted, 50);
    const deviations = Float64Array.from(sorted, (value) => Math.abs(value - median)).sort();
    return {
      cuts: {
        zscale: [zscale.vmin, zscale.vmax],
        percentile: [percentile(sorted, 0.5), percentile(sorted, 99.5)],
        minmax: [this.#least, this.#most],
        median,
        sigma: MAD_TO_SIGMA * percentile(deviations, 50),
      },
      histogram: histogramOf(sorted),
      blank: this.#missing,
    };
  }
}

function extremes(numbers: ArrayLike<number>, at: number, width: number): readonly [number, number] {
  let [least, most] = [numbers[at]!, numbers[at]!];
  for (let i = at + 1; i < at + width; i++) {
    const number = numbers[i]!;
    if (number < least) least = number;
    else if (number > most) most = number;
  }
  return [least, most];
}

/** Percentile of sorted values with linear interpolation, the default of numpy.percentile. */
function percentile(sorted: Float64Array, percent: number): number {
  const place = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + ((sorted[below + 1] ?? low) - low) * (place - below);
}

function histogramOf(sorted: Float64Array): NonNullable<FrameStatistics["histogram"]> {
  const [low, high] = [percentile(sorted, HISTOGRAM_PERCENT), percentile(sorted, 100 - HISTOGRAM_PERCENT)];
  const margin = (high - low) * HISTOGRAM_MARGIN || Math.max(1, Math.abs(low) * 1e-6);
  const [from, to] = [low - margin, high + margin];
  const counts = new Array<number>(BINS).fill(0);
  for (const value of sorted) {
    if (value >= from && value < to) counts[Math.floor(((value - from) / (to - from)) * BINS)]! += 1;
  }
  return { from, to, counts };
}
