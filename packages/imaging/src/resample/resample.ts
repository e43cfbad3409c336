import type { RowMap } from "@sbnsis/wcs";
import { ImagingError } from "../errors.ts";
import type { PixelArray } from "../render/pixel-array.ts";

/** Rows firstRow .. firstRow+rows-1 of a source image of width x height pixels, row 0 first. */
export interface SourceRows {
  readonly data: PixelArray;
  readonly width: number;
  readonly height: number;
  readonly firstRow: number;
  readonly rows: number;
}

/** Rows y0 .. y1-1 of a picture, and its width. */
interface PictureRows {
  readonly width: number;
  readonly y0: number;
  readonly y1: number;
}

/** How to obtain a value between pixels. */
export type Interpolation = "nearest" | "bilinear";

/**
 * An array for `count` resampled values that represents every value of the source exactly, and NaN.
 */
export function resampledArray(source: PixelArray, count: number): Float32Array | Float64Array {
  return source.BYTES_PER_ELEMENT <= 2 || source instanceof Float32Array
    ? new Float32Array(count)
    : new Float64Array(count);
}

/**
 * Resamples rows y0 .. y1-1 of a picture from its source, like reproject 0.21's reproject_interp: a
 * pixel of the source extends from -0.5 (included) to +0.5 around its center, and outside the image
 * there is NaN. Bilinear values in the outer half of the outermost pixels are those of the pixels
 * themselves.
 * Errors: PICTURE_FAILED when a required row of the source is missing (sourceRows).
 * @param out (y1 - y0) * width values, row y0 first; made by resampledArray (bilinear:
 * Float64Array)
 */
export function resampleRows(
  map: RowMap,
  source: SourceRows,
  interpolation: Interpolation,
  { width, y0, y1 }: PictureRows,
  out: Float32Array | Float64Array,
): void {
  const x = new Float64Array(width);
  const y = new Float64Array(width);
  for (let row = y0; row < y1; row++) {
    map(row, 0, 1, width, x, y);
    const line = out.subarray((row - y0) * width, (row - y0 + 1) * width);
    if (interpolation === "nearest") nearestRow(source, x, y, line);
    else bilinearRow(source, x, y, line);
  }
}

function nearestRow(
  { data, width, height, firstRow, rows }: SourceRows,
  x: Float64Array,
  y: Float64Array,
  out: Float32Array | Float64Array,
): void {
  const right = width - 0.5;
  const top = height - 0.5;
  for (let i = 0; i < out.length; i++) {
    const sx = x[i]!;
    const sy = y[i]!;
    if (sx >= -0.5 && sx < right && sy >= -0.5 && sy < top) {
      // both are at least 0 here, so the cast is the floor
      const column = (sx + 0.5) | 0;
      const row = ((sy + 0.5) | 0) - firstRow;
      if (row < 0 || row >= rows) throw rowMissing(row + firstRow);
      out[i] = data[row * width + column]!;
    } else out[i] = Number.NaN;
  }
}

function bilinearRow(
  { data, width, height, firstRow, rows }: SourceRows,
  x: Float64Array,
  y: Float64Array,
  out: Float32Array | Float64Array,
): void {
  for (let i = 0; i < out.length; i++) {
    if (!(x[i]! >= -0.5 && x[i]! < width - 0.5 && y[i]! >= -0.5 && y[i]! < height - 0.5)) {
      out[i] = Number.NaN;
      continue;
    }
    const sx = Math.min(Math.max(x[i]!, 0), width - 1);
    const sy = Math.min(Math.max(y[i]!, 0), height - 1);
    const column = Math.floor(sx);
    const row = Math.floor(sy);
    const right = Math.min(column + 1, width - 1);
    const above = Math.min(row + 1, height - 1);
    if (row < firstRow || above >= firstRow + rows) throw rowMissing(row);
    const fx = sx - column;
    const fy = sy - row;
    const low = (row - firstRow) * width;
    const high = (above - firstRow) * width;
    const lower = (1 - fx) * data[low + column]! + fx * data[low + right]!;
    const upper = (1 - fx) * data[high + column]! + fx * data[high + right]!;
    out[i] = (1 - fy) * lower + fy * upper;
  }
}

function rowMissing(row: number): ImagingError {
  return new ImagingError(
    "PICTURE_FAILED",
    `row ${row} of the image is needed for a row of the picture, but was not read`,
    {
      details: { row },
    },
  );
}
