import type { RowMap } from "@sbnsis/wcs";
import { type Interpolation, resampledArray, resampleRows, type SourceRows } from "./resample.ts";

/** The reprojected values of a picture, as large as its image. */
export interface ValueRows {
  /** All of them, row 0 (the lowest) first, if they are kept. */
  readonly all: Float32Array | Float64Array | undefined;
  /** Values of a row, valid until the next call. */
  row(y: number): Float32Array | Float64Array;
}

/** Reprojects an image: all at once or, if the values are not kept, row by row on request. */
export function reprojectedValues(
  map: RowMap,
  source: SourceRows,
  interpolation: Interpolation,
  isKept: boolean,
): ValueRows {
  const { data, width, height } = source;
  const array = (length: number) =>
    interpolation === "bilinear" ? new Float64Array(length) : resampledArray(data, length);
  if (isKept) {
    const all = array(width * height);
    resampleRows(map, source, interpolation, { width, y0: 0, y1: height }, all);
    return { all, row: (y) => all.subarray(y * width, (y + 1) * width) };
  }
  const line = array(width);
  return {
    all: undefined,
    row: (y) => {
      resampleRows(map, source, interpolation, { width, y0: y, y1: y + 1 }, line);
      return line;
    },
  };
}
