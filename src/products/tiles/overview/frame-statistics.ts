import { valuesAtRanks, zscaleOfSamples } from "@sbnsis/imaging";
import type { FrameStatistics } from "../tile-plan.ts";
import type { RowReader } from "../tile-rows.ts";

/** Approximate number of values for percentiles and the histogram. */
const SAMPLE_VALUES = 1 << 20;

/** Number of values for zscale (astropy's ZScaleInterval). */
const ZSCALE_VALUES = 1000;

const BINS = 256;

/** Ends of the histogram, in percent of the values, and the margin beyond them. */
const HISTOGRAM_PERCENT = 0.1;
const HISTOGRAM_MARGIN = 0.05;

/** Percentiles of the cuts. */
const CUT_PERCENTS = [0.5, 99.5] as const;

/** Converts a median absolute deviation to the standard deviation of normal noise. */
const MAD_TO_SIGMA = 1.4826;

/** Values of a frame at fixed places, so that several threads can collect them. Plain data. */
export interface FrameSample {
  /** Values of every row whose number is a multiple of `rowStep`. */
  readonly rowStep: number;
  readonly rows: Float64Array;
  /** Values of every pixel whose index is a multiple of `stride`. */
  readonly stride: number;
  readonly places: Float64Array;
}

function stepsOf(width: number, height: number) {
  const pixels = width * height;
  const rowStep = Math.max(1, Math.floor(pixels / SAMPLE_VALUES));
  const stride = Math.floor(Math.max(1, pixels / ZSCALE_VALUES));
  return { rowStep, stride, values: width * Math.ceil(height / rowStep), places: Math.ceil(pixels / stride) };
}

/** Bytes of memory for the sample of a frame. */
export function sampleBytes(width: number, height: number): number {
  const { values, places } = stepsOf(width, height);
  return 8 * (values + places);
}

/** The sample of a frame, in memory of sampleBytes from a multiple of 8 bytes, to be filled. */
export function emptySample(width: number, height: number, { buffer, byteOffset }: Uint8Array): FrameSample {
  const { rowStep, stride, values, places } = stepsOf(width, height);
  return {
    rowStep,
    rows: new Float64Array(buffer, byteOffset, values),
    stride,
    places: new Float64Array(buffer, byteOffset + 8 * values, places),
  };
}

/** Takes what the sample needs of rows y to y + count - 1: value = zero + scale * number. */
export function sampleRows(
  { rowStep, rows, stride, places }: FrameSample,
  width: number,
  numbers: ArrayLike<number>,
  [y, count]: readonly [first: number, count: number],
  { zero, scale }: Pick<RowReader, "zero" | "scale">,
): void {
  for (let row = rowStep * Math.ceil(y / rowStep); row < y + count; row += rowStep) {
    const [from, to] = [(row - y) * width, (row / rowStep) * width];
    for (let i = 0; i < width; i++) rows[to + i] = zero + scale * numbers[from + i]!;
  }
  for (let k = Math.ceil((y * width) / stride); k * stride < (y + count) * width; k++) {
    places[k] = zero + scale * numbers[k * stride - y * width]!;
  }
}

/**
 * The statistics of a frame from its sample.
 * @param extremes least and greatest value of all pixels
 * @param blank whether there are pixels without a value
 */
export function frameStatistics(
  { rows, places }: FrameSample,
  extremes: readonly [number, number],
  blank: boolean,
): FrameStatistics {
  const zscale = zscaleOfSamples(finiteOf(places).subarray(0, ZSCALE_VALUES));
  const values = finiteOf(rows);
  if (zscale === undefined || values.length === 0) return { cuts: null, histogram: null, blank: true };
  const [low, median, high, first, last] = percentiles(values, [
    HISTOGRAM_PERCENT,
    50,
    100 - HISTOGRAM_PERCENT,
    ...CUT_PERCENTS,
  ]) as [number, number, number, number, number];
  const histogram = histogramOf(values, low, high);
  for (let i = 0; i < values.length; i++) values[i] = Math.abs(values[i]! - median);
  return {
    cuts: {
      zscale: [zscale.vmin, zscale.vmax],
      percentile: [first, last],
      minmax: extremes,
      median,
      sigma: MAD_TO_SIGMA * percentiles(values, [50])[0]!,
    },
    histogram,
    blank,
  };
}

/** The finite ones of some values, in an array of their own. */
function finiteOf(values: Float64Array): Float64Array {
  const finite = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value === 0) finite[n++] = value;
  }
  return finite.subarray(0, n);
}

/** Percentiles with linear interpolation, the default of numpy.percentile. */
function percentiles(values: Float64Array, percents: readonly number[]): readonly number[] {
  const last = values.length - 1;
  const places = percents.map((percent) => (percent / 100) * last);
  const ranks = places.flatMap((place) => [Math.floor(place), Math.min(last, Math.floor(place) + 1)]);
  const found = valuesAtRanks(values, ranks);
  return places.map((place, i) => {
    const [low, high] = [found[2 * i]!, found[2 * i + 1]!];
    return low + (high - low) * (place - Math.floor(place));
  });
}

function histogramOf(
  values: Float64Array,
  low: number,
  high: number,
): NonNullable<FrameStatistics["histogram"]> {
  const margin = (high - low) * HISTOGRAM_MARGIN || Math.max(1, Math.abs(low) * 1e-6);
  const [from, to] = [low - margin, high + margin];
  const counts = new Uint32Array(BINS);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= from && value < to) counts[Math.floor(((value - from) / (to - from)) * BINS)]! += 1;
  }
  return { from, to, counts: Array.from(counts) };
}
