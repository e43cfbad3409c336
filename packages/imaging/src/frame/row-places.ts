import type { ImageSize } from "../resample/inside.ts";
import { curvature, MARGIN, RUN } from "../resample/runs.ts";
import type { RowMap } from "./pixel-map.ts";

/** Which pixels of the source single pixels of a row of the picture show: by the line between the ends of a run where that is sure, else by the map. */
export class RowPlaces {
  readonly #map: RowMap;
  readonly #size: ImageSize;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #exactX = new Float64Array(1);
  readonly #exactY = new Float64Array(1);
  #row = 0;

  /** @param width width of the picture */
  constructor(map: RowMap, size: ImageSize, width: number) {
    const nodes = Math.ceil(width / RUN) + 1;
    this.#map = map;
    this.#size = size;
    this.#x = new Float64Array(nodes);
    this.#y = new Float64Array(nodes);
  }

  setRow(row: number): void {
    this.#row = row;
    this.#map(row, 0, RUN, this.#x.length, this.#x, this.#y);
  }

  /** The place, row * width + column of the source, of a pixel of the row that is on the source. */
  placeOf(column: number): number {
    const run = Math.floor(column / RUN);
    const t = column / RUN - run;
    const x = this.#x;
    const y = this.#y;
    const offX = curvature(x, run) + MARGIN;
    const offY = curvature(y, run) + MARGIN;
    const sx = x[run]! + t * (x[run + 1]! - x[run]!) + 0.5;
    const sy = y[run]! + t * (y[run + 1]! - y[run]!) + 0.5;
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
