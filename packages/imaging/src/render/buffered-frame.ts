import type { RowMap } from "@sbnsis/wcs";
import { findLevels } from "../interval/cuts.ts";
import {
  countFinite,
  type Levels,
  SamplePicker,
  ZSCALE_SAMPLES,
  zscaleOfSamples,
} from "../interval/zscale.ts";
import { coverageOf } from "../resample/coverage.ts";
import { resampledArray, resampleRows, type SourceRows } from "../resample/resample.ts";
import { stretchedLevels } from "../stretch/stretch.ts";
import type { PictureOptions } from "./picture-options.ts";
import { isFloatArray } from "./pixel-array.ts";

/**
 * A whole frame in memory and the picture to make of it, in bands: source and map as for
 * renderPicture, with the same size. For values between pixels.
 */
export interface BufferedFrame {
  /** The whole image: firstRow 0, all rows. */
  readonly source: SourceRows;
  readonly map: RowMap;
  readonly options: PictureOptions;
}

/**
 * The levels that renderPicture would find, without storing the resampled image: counts which
 * pixels are on the source, and resamples only the rows with samples of zscale. The other methods
 * use about 2^20 values, evenly spaced over the rows.
 */
export function bufferedLevels(input: BufferedFrame): Levels | undefined {
  const { source, options } = input;
  if (
    (options.cut ?? "zscale") === "zscale" &&
    options.minCut?.kind !== "percent" &&
    options.maxCut?.kind !== "percent"
  ) {
    const found = zscaleOfSamples(zscaleSamplesOfRows(input, finiteCounts(input)));
    return found && { vmin: options.minCut?.value ?? found.vmin, vmax: options.maxCut?.value ?? found.vmax };
  }
  const step = Math.max(1, Math.floor((source.width * source.height) / (1 << 20)));
  const rows = Math.ceil(source.height / step);
  const values = new Float64Array(rows * source.width);
  for (let i = 0; i < rows; i++) {
    const line = values.subarray(i * source.width, (i + 1) * source.width);
    resampleRows(
      input.map,
      source,
      options.interpolation ?? "nearest",
      source.width,
      i * step,
      i * step + 1,
      line,
    );
  }
  return findLevels(values, options);
}

/**
 * Number of finite values in each row of the picture. Integers are all finite, so for them the map
 * alone decides.
 */
function finiteCounts({ source, map, options }: BufferedFrame): Uint32Array {
  const { width, height, data } = source;
  if (!isFloatArray(data)) return coverageOf(map, source, width, 0, height).counts;
  const counts = new Uint32Array(height);
  const line = lineFor(source, options);
  for (let row = 0; row < height; row++) {
    resampleRows(map, source, options.interpolation ?? "nearest", width, row, row + 1, line);
    counts[row] = countFinite(line);
  }
  return counts;
}

function zscaleSamplesOfRows({ source, map, options }: BufferedFrame, counts: Uint32Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const stride = Math.floor(Math.max(1, total / ZSCALE_SAMPLES));
  const picker = new SamplePicker(total);
  const line = lineFor(source, options);
  let before = 0;
  for (let row = 0; row < counts.length; row++) {
    const count = counts[row]!;
    const next = Math.ceil(before / stride) * stride;
    if (next < before + count) {
      resampleRows(map, source, options.interpolation ?? "nearest", source.width, row, row + 1, line);
      picker.add(line);
    } else picker.pass(count);
    before += count;
  }
  return picker.samples();
}

function lineFor({ data, width }: SourceRows, options: PictureOptions): Float32Array | Float64Array {
  return options.interpolation === "bilinear" ? new Float64Array(width) : resampledArray(data, width);
}

/**
 * Draws rows y0 .. y1-1 of a frame's picture, counted from the bottom, into `gray`, which has the
 * top row first: equal to renderPicture's before it is reduced. Several threads may draw bands into
 * one SharedArrayBuffer. Without levels all pixels are 0.
 * @param gray width * height levels
 */
export function drawBufferedRows(
  { source, map, options }: BufferedFrame,
  levels: Levels | undefined,
  y0: number,
  y1: number,
  gray: Uint8Array,
): void {
  const { width, height } = source;
  if (levels === undefined) {
    gray.fill(0, (height - y1) * width, (height - y0) * width);
    return;
  }
  const line = lineFor(source, options);
  for (let row = y0; row < y1; row++) {
    resampleRows(map, source, options.interpolation ?? "nearest", width, row, row + 1, line);
    const top = (height - 1 - row) * width;
    stretchedLevels(line, levels, options, gray.subarray(top, top + width));
  }
}
