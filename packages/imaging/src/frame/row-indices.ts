import type { RowMap } from "@sbnsis/wcs";
import type { ImageSize } from "../resample/coverage.ts";
import { curvature, MARGIN, SEGMENT } from "../resample/segment-copier.ts";

/**
 * Finds the source pixels of single pixels in a row of the picture: by linear interpolation within
 * a segment where that is certain, otherwise from the map.
 */
export class RowIndices {
  readonly #map: RowMap;
  readonly #size: ImageSize;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #exactX = new Float64Array(1);
  readonly #exactY = new Float64Array(1);
  #row = 0;

  /** @param width width of the picture */
  constructor(map: RowMap, size: ImageSize, width: number) {
    const nodes = Math.ceil(width / SEGMENT) + 1;
    this.#map = map;
    this.#size = size;
    this.#x = new Float64Array(nodes);
    this.#y = new Float64Array(nodes);
  }

  setRow(row: number): void {
    this.#row = row;
    this.#map(row, 0, SEGMENT, this.#x.length, this.#x, this.#y);
  }

  /** Index in the source, row * width + column, for a pixel of the row that is on the source. */
  placeOf(column: number): number {
    const segment = Math.floor(column / SEGMENT);
    const t = column / SEGMENT - segment;
    const x = this.#x;
    const y = this.#y;
    const offX = curvature(x, segment) + MARGIN;
    const offY = curvature(y, segment) + MARGIN;
    const sx = x[segment]! + t * (x[segment + 1]! - x[segment]!) + 0.5;
    const sy = y[segment]! + t * (y[segment + 1]! - y[segment]!) + 0.5;
    const sourceColumn = Math.floor(sx);
    const sourceRow = Math.floor(sy);
    const fx = sx - sourceColumn;
    const fy = sy - sourceRow;
    if (fx > offX && fx < 1 - offX && fy > offY && fy < 1 - offY)
      return sourceRow * this.#size.width + sourceColumn;
    this.#map(this.#row, column, 1, 1, this.#exactX, this.#exactY);
    return ((this.#exactY[0]! + 0.5) | 0) * this.#size.width + ((this.#exactX[0]! + 0.5) | 0);
  }
}
