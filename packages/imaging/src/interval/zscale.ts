import { isFloatArray, type PixelArray } from "../render/pixel-array.ts";

/** Levels of a picture: the physical values drawn black and white. */
export interface Levels {
  readonly vmin: number;
  readonly vmax: number;
}

/** Size of the sample of zscale. */
export const ZSCALE_SAMPLES = 1000;

const CONTRAST = 0.25;
const MAX_REJECT = 0.5;
const MIN_PIXELS = 5;
const K_REJECT = 2.5;
const MAX_ITERATIONS = 5;

/**
 * Levels by IRAF's zscale as computed by astropy.visualization.ZScaleInterval with its defaults: a
 * line is fitted to the sorted sample, with k-sigma rejection, and its slope gives the range around
 * the median.
 * NaN and infinite values are ignored; undefined when there are no others.
 * @param arithmetic type of the corresponding numpy array: the median of float32 values is rounded
 * to float32 there
 */
export function zscale(
  values: PixelArray,
  arithmetic: "float32" | "float64" = values instanceof Float32Array ? "float32" : "float64",
): Levels | undefined {
  return zscaleOfSamples(zscaleSamples(values), arithmetic === "float32");
}

/**
 * The sample of zscale: every n-th finite value in storage order, n = floor(count / 1000), at least
 * 1, at most 1000 of them. Not sorted.
 */
export function zscaleSamples(values: PixelArray): Float64Array {
  const picker = new SamplePicker(isFloatArray(values) ? countFinite(values) : values.length);
  picker.add(values);
  return picker.samples();
}

/** Number of finite values. */
export function countFinite(values: PixelArray): number {
  if (!isFloatArray(values)) return values.length;
  let count = 0;
  // x - x is 0 for finite x and NaN otherwise
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! === 0) count++;
  return count;
}

/**
 * Picks the sample of zscale from an image that arrives in pieces, given the number of its finite
 * values.
 */
export class SamplePicker {
  readonly #stride: number;
  readonly #picked: Float64Array;
  #length = 0;
  /** Finite values to skip before the next one is taken. */
  #skip = 0;

  constructor(finiteValues: number) {
    this.#stride = Math.floor(Math.max(1, finiteValues / ZSCALE_SAMPLES));
    this.#picked = new Float64Array(Math.min(ZSCALE_SAMPLES, Math.ceil(finiteValues / this.#stride)));
  }

  /**
   * Adds the next values in storage order; `finite`: whether they are known to have no NaN or
   * infinity.
   */
  add(values: PixelArray, finite: boolean = !isFloatArray(values)): void {
    if (finite) this.#jump(values);
    else this.#walk(values);
  }

  /** Skips the next `count` finite values, none of which is in the sample. */
  pass(count: number): void {
    if (count > this.#skip)
      throw new RangeError(`${count} values cannot be skipped: one of them is in the sample`);
    this.#skip -= count;
  }

  /** The sample, after all values were added. */
  samples(): Float64Array {
    return this.#picked.subarray(0, this.#length);
  }

  #jump(values: PixelArray): void {
    let i = this.#skip;
    for (; i < values.length && this.#length < this.#picked.length; i += this.#stride) {
      this.#picked[this.#length++] = values[i]!;
    }
    this.#skip = i - values.length;
  }

  #walk(values: PixelArray): void {
    const stride = this.#stride;
    const picked = this.#picked;
    let skip = this.#skip;
    let length = this.#length;
    for (let i = 0; i < values.length && length < picked.length; i++) {
      const value = values[i]!;
      if (value - value !== 0) continue;
      if (skip === 0) {
        picked[length++] = value;
        skip = stride;
      }
      skip--;
    }
    this.#skip = skip;
    this.#length = length;
  }
}

/**
 * zscale of a sample.
 * @param samples finite values in any order; sorted in place
 * @param single whether the values are float32, for which numpy's median is rounded to float32
 */
export function zscaleOfSamples(samples: Float64Array, single = false): Levels | undefined {
  const count = samples.length;
  if (count === 0) return undefined;
  samples.sort();
  const lowest = samples[0]!;
  const highest = samples[count - 1]!;
  const slope = fittedSlope(samples);
  if (slope === undefined) return { vmin: lowest, vmax: highest };
  const centre = (count - 1) >> 1;
  const steepness = slope / CONTRAST;
  const middle = median(samples, single);
  return {
    vmin: Math.max(lowest, middle - (centre - 1) * steepness),
    vmax: Math.min(highest, middle + (count - centre) * steepness),
  };
}

/**
 * Slope of the line through the sorted sample after rejection; undefined when too few values
 * remain.
 * Also undefined when the remaining ones are all equal and not 0: the line is then flat, and in
 * astropy the rounding errors of its fit decide what is rejected next, nearly always so much that
 * the lowest and highest value become the levels. For zeros the fit is exact.
 */
function fittedSlope(samples: Float64Array): number | undefined {
  const count = samples.length;
  const fewest = Math.max(MIN_PIXELS, Math.floor(count * MAX_REJECT));
  const grow = Math.max(1, Math.floor(count * 0.01));
  const flat = new Float64Array(count);
  let bad = new Uint8Array(count);
  let good = count;
  let lastGood = count + 1;
  let slope: number | undefined;
  for (let iteration = 0; iteration < MAX_ITERATIONS && good < lastGood && good >= fewest; iteration++) {
    if (allEqual(samples, bad) && samples[bad.indexOf(0)] !== 0) return undefined;
    slope = subtractLine(samples, bad, good, flat);
    const threshold = K_REJECT * deviation(flat, bad, good);
    for (let i = 0; i < count; i++) if (flat[i]! < -threshold || flat[i]! > threshold) bad[i] = 1;
    bad = grown(bad, grow);
    lastGood = good;
    good = 0;
    for (let i = 0; i < count; i++) good += 1 - bad[i]!;
  }
  return good >= fewest ? slope : undefined;
}

/** Whether all values that are not bad are equal, given that the samples are sorted. */
function allEqual(samples: Float64Array, bad: Uint8Array): boolean {
  return samples[bad.indexOf(0)] === samples[bad.lastIndexOf(0)];
}

/**
 * Fits a line to the values that are not bad, writes all values minus the line to `flat`, and
 * returns the slope per sample.
 */
function subtractLine(samples: Float64Array, bad: Uint8Array, good: number, flat: Float64Array): number {
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < samples.length; i++) {
    if (bad[i] === 0) {
      sumX += i;
      sumY += samples[i]!;
    }
  }
  const meanX = sumX / good;
  const meanY = sumY / good;
  let xy = 0;
  let xx = 0;
  for (let i = 0; i < samples.length; i++) {
    if (bad[i] === 0) {
      const x = i - meanX;
      xy += x * (samples[i]! - meanY);
      xx += x * x;
    }
  }
  const slope = xy / xx;
  for (let i = 0; i < samples.length; i++) flat[i] = samples[i]! - (meanY + slope * (i - meanX));
  return slope;
}

function deviation(flat: Float64Array, bad: Uint8Array, good: number): number {
  let sum = 0;
  for (let i = 0; i < flat.length; i++) if (bad[i] === 0) sum += flat[i]!;
  const mean = sum / good;
  let squares = 0;
  for (let i = 0; i < flat.length; i++) if (bad[i] === 0) squares += (flat[i]! - mean) ** 2;
  return Math.sqrt(squares / good);
}

/**
 * The bad values and their neighbors: numpy.convolve(bad, ones(size), mode="same") of booleans.
 */
function grown(bad: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bad.length);
  const after = (size - 1) >> 1;
  const before = size - 1 - after;
  for (let i = 0; i < bad.length; i++) {
    if (bad[i] === 1) out.fill(1, Math.max(0, i - after), Math.min(bad.length, i + before + 1));
  }
  return out;
}

function median(sorted: Float64Array, single: boolean): number {
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half]!;
  const sum = sorted[half - 1]! + sorted[half]!;
  return single ? Math.fround(Math.fround(sum) / 2) : sum / 2;
}
