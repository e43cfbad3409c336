import type { Cut, PictureOptions } from "../render/picture-options.ts";
import type { PixelArray } from "../render/pixel-array.ts";
import { countFinite, type Levels, zscale } from "./zscale.ts";

/**
 * Maximum number of values for percentiles: all of a cutout of 1024 x 1024, evenly spaced ones of
 * larger images.
 */
const PERCENTILE_VALUES = 1 << 20;

/** Percentiles of cut=percentile without min_cut and max_cut, as in hips2fits. */
const DEFAULT_PERCENTILES = [0.5, 99.5] as const;

/**
 * Levels of an image by the method and cuts of the options. Undefined when it has no finite value.
 * zscale is that of float64 values for any array, because the reference for these pictures
 * resamples the image to float64.
 */
export function findLevels(values: PixelArray, options: PictureOptions): Levels | undefined {
  const { cut = "zscale", minCut, maxCut } = options;
  const percent = cut === "percentile" || minCut?.kind === "percent" || maxCut?.kind === "percent";
  const sorted = percent ? sortedSample(values) : undefined;
  const found = levelsBy(cut, values, sorted);
  if (found === undefined) return undefined;
  return { vmin: level(minCut, sorted) ?? found.vmin, vmax: level(maxCut, sorted) ?? found.vmax };
}

function levelsBy(
  cut: NonNullable<PictureOptions["cut"]>,
  values: PixelArray,
  sorted: Float64Array | undefined,
): Levels | undefined {
  switch (cut) {
    case "zscale":
      return zscale(values, "float64");
    case "minmax":
      return minmax(values);
    case "percentile":
      if (sorted === undefined || sorted.length === 0) return undefined;
      return {
        vmin: percentile(sorted, DEFAULT_PERCENTILES[0]),
        vmax: percentile(sorted, DEFAULT_PERCENTILES[1]),
      };
  }
}

function level(cut: Cut | undefined, sorted: Float64Array | undefined): number | undefined {
  if (cut?.kind === "percent" && sorted !== undefined) return percentile(sorted, cut.value);
  return cut?.value;
}

/** Lowest and highest finite value. */
export function minmax(values: PixelArray): Levels | undefined {
  let vmin = Number.POSITIVE_INFINITY;
  let vmax = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) continue;
    if (value < vmin) vmin = value;
    if (value > vmax) vmax = value;
  }
  return vmin <= vmax ? { vmin, vmax } : undefined;
}

/**
 * Percentile 0..100 of sorted values with linear interpolation: numpy.percentile's default, and
 * astropy's AsymmetricPercentileInterval.
 */
function percentile(sorted: Float64Array, percent: number): number {
  const place = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

function sortedSample(values: PixelArray): Float64Array {
  const finite = countFinite(values);
  const stride = Math.max(1, Math.ceil(finite / PERCENTILE_VALUES));
  const sample = new Float64Array(Math.ceil(finite / stride));
  let seen = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) continue;
    if (seen % stride === 0) sample[seen / stride] = value;
    seen++;
  }
  return sample.sort();
}
