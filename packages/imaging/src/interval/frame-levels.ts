import type { RowMap } from "@sbnsis/wcs";
import type { FrameSource } from "../frame/frame-source.ts";
import type { PictureOptions } from "../render/picture-options.ts";
import type { MissingPixels } from "../stretch/missing-pixels.ts";
import { findLevels, minmax } from "./cuts.ts";
import { samplePlaces } from "./frame-samples.ts";
import { type Levels, zscaleOfSamples } from "./zscale.ts";

/** Approximate number of values for percentiles of a whole frame. */
const PERCENTILE_VALUES = 1 << 20;

/** Whether the levels depend on which pixels of the picture have a value. */
export function needsCounts({ cut = "zscale", minCut, maxCut }: PictureOptions): boolean {
  return (
    cut === "zscale" && !(minCut?.kind === "value" && maxCut?.kind === "value") && !percent(minCut, maxCut)
  );
}

/**
 * Whether frameLevels returns exactly the levels that findLevels finds for the picture: for zscale
 * and for given levels.
 */
export function hasLevelsOfPicture(options: PictureOptions): boolean {
  const { minCut, maxCut } = options;
  return needsCounts(options) || (minCut?.kind === "value" && maxCut?.kind === "value");
}

/**
 * Levels of a whole frame. zscale is that of the picture, as for a cutout; percentiles are those of
 * about 2^20 values of the source in evenly spaced rows, minimum and maximum those of the source.
 * Undefined when there is no finite value.
 * @param missing pixels of the source without a value, if there are any and needsCounts is true
 */
export async function frameLevels(
  source: FrameSource,
  map: RowMap,
  options: PictureOptions,
  checkpoint: () => void,
  missing?: MissingPixels,
): Promise<Levels | undefined> {
  const { cut = "zscale", minCut, maxCut } = options;
  if (minCut?.kind === "value" && maxCut?.kind === "value") return { vmin: minCut.value, vmax: maxCut.value };
  if (cut === "percentile" || percent(minCut, maxCut)) return findLevels(await evenRows(source), options);
  const found =
    cut === "minmax"
      ? await sourceExtremes(source, checkpoint)
      : zscaleOfSamples(finite(await source.valuesAt(samplePlaces(map, source, missing))));
  return found && { vmin: minCut?.value ?? found.vmin, vmax: maxCut?.value ?? found.vmax };
}

function percent(...cuts: readonly PictureOptions["minCut"][]): boolean {
  return cuts.some((cut) => cut?.kind === "percent");
}

/** Drops missing values, which may be in the sample as long as they are unknown. */
function finite(values: Float64Array): Float64Array {
  let count = 0;
  // in place, because most samples remain unchanged
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value === 0) values[count++] = value;
  }
  return values.subarray(0, count);
}

async function evenRows(source: FrameSource): Promise<Float64Array> {
  const { width, height } = source;
  const step = Math.max(1, Math.floor((width * height) / PERCENTILE_VALUES));
  const rows = Math.ceil(height / step);
  const values = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++) {
    values.set(source.physical(await source.rows(i * step, 1)), i * width);
  }
  return values;
}

async function sourceExtremes(source: FrameSource, checkpoint: () => void): Promise<Levels | undefined> {
  let vmin = Number.POSITIVE_INFINITY;
  let vmax = Number.NEGATIVE_INFINITY;
  for (let y = 0; y < source.height; y += source.bandRows) {
    checkpoint();
    const stored = await source.rows(y, Math.min(source.bandRows, source.height - y));
    const found = minmax(source.physical(stored));
    vmin = Math.min(vmin, found?.vmin ?? vmin);
    vmax = Math.max(vmax, found?.vmax ?? vmax);
  }
  return vmin <= vmax ? { vmin, vmax } : undefined;
}
