import type { ImageSize } from "./inside.ts";
import type { RowMap } from "./pixel-map.ts";

/** Pixels between the places of a row that are looked at first: the nodes of gridMap, which cost nothing. */
export const RUN = 32;

/** How far a place may be from where it is computed, besides its curvature. */
export const MARGIN = 1e-6;

/** The whole pixel that two places and all between them belong to; NaN when they may belong to several. */
export function steadyPixel(a: number, b: number, bend: number): number {
  const low = Math.floor(Math.min(a, b) - bend + 0.5);
  return low === Math.floor(Math.max(a, b) + bend + 0.5) ? low : Number.NaN;
}

/** How far places within a run may be off the straight line between its ends: its second difference, with a margin for its change. */
export function curvature(nodes: Float64Array, run: number): number {
  const last = nodes.length - 1;
  const before = run === 0 ? run : run - 1;
  const after = Math.min(last, run + 2);
  if (after - before < 2) return Number.NaN;
  const bendBefore = run === 0 ? 0 : nodes[run - 1]! - 2 * nodes[run]! + nodes[run + 1]!;
  const bendAfter = run + 2 > last ? 0 : nodes[run]! - 2 * nodes[run + 1]! + nodes[run + 2]!;
  return Math.max(Math.abs(bendBefore), Math.abs(bendAfter)) / 4;
}

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
