import type { RowMap } from "../frame/pixel-map.ts";
import type { ImageSize } from "./inside.ts";
import type { RunCopier } from "./run-copier.ts";
import { MARGIN, RUN, steadyPixel } from "./runs.ts";

/** Columns and rows of a cell of pixels that are tried together. */
const CELL_COLUMNS = 256;
const CELL_ROWS = 32;

/** The cells in a row of the picture that only move whole pixels, those of one row of cells at a time. */
export class SteadyCells {
  readonly #map: RowMap;
  readonly #size: ImageSize;
  readonly #width: number;
  /** Cells that are CELL_COLUMNS wide; another may follow. */
  readonly #full: number;
  /** Where in the source the first pixel of each cell lies, and the steps to the next column and row. */
  readonly #at: Float64Array;
  readonly #step: Float64Array;
  readonly #rise: Float64Array;
  /** Places in the bottom, middle and top rows of the cells: at both ends of each cell and in the middle. */
  readonly #x: readonly Float64Array[];
  readonly #y: readonly Float64Array[];
  #rows = -1;
  #steady = true;

  constructor(map: RowMap, size: ImageSize, width: number) {
    this.#map = map;
    this.#size = size;
    this.#width = width;
    this.#full = Math.floor(width / CELL_COLUMNS);
    const cells = Math.ceil(width / CELL_COLUMNS);
    const lines = () => [0, 1, 2].map(() => new Float64Array(2 * this.#full + 4));
    this.#at = new Float64Array(cells);
    this.#step = new Float64Array(cells);
    this.#rise = new Float64Array(cells);
    this.#x = lines();
    this.#y = lines();
  }

  /** Copies a row of the picture if all of its cells are steady; false when not, and nothing is done then. */
  copyRow(row: number, copier: RunCopier, out: Uint8Array): boolean {
    const rows = Math.floor(row / CELL_ROWS);
    if (rows !== this.#rows) {
      this.#rows = rows;
      this.#steady = this.#look(rows * CELL_ROWS);
    }
    if (!this.#steady) return false;
    const above = row - rows * CELL_ROWS;
    for (let i = 0, from = 0; from < this.#width; i++, from += CELL_COLUMNS) {
      const count = Math.min(CELL_COLUMNS, this.#width - from);
      copier.add(from, this.#at[i]! + above * this.#rise[i]!, this.#step[i]!, count, out);
    }
    return true;
  }

  /** Looks at a row of cells from the first of them on, up to one that is not steady. */
  #look(bottom: number): boolean {
    const last = 2 * this.#full + 1;
    for (let k = 0; k < 3; k++) {
      const row = bottom + (k * CELL_ROWS) / 2;
      const [x, y] = [this.#x[k]!, this.#y[k]!];
      if (this.#full > 0) this.#map(row, 0, CELL_COLUMNS / 2, last, x, y);
      if (this.#at.length > this.#full) {
        const from = this.#full * CELL_COLUMNS;
        this.#map(row, from, this.#spanOf(this.#full) / 2, 3, x.subarray(last), y.subarray(last));
      }
    }
    for (let i = 0; i < this.#at.length; i++) if (!this.#lookAt(i)) return false;
    return true;
  }

  /** Columns between the ends of a cell that are looked at: nodes of gridMap, as the middle. */
  #spanOf(i: number): number {
    return i < this.#full ? CELL_COLUMNS : 2 * RUN * Math.ceil((this.#width - i * CELL_COLUMNS) / (2 * RUN));
  }

  #lookAt(i: number): boolean {
    const [x, y] = [this.#x, this.#y];
    const low = i < this.#full ? 2 * i : 2 * i + 1;
    const high = low + 2;
    const span = this.#spanOf(i);
    const columns = Math.min(CELL_COLUMNS, this.#width - i * CELL_COLUMNS);
    const dx = Math.round((x[0]![high]! - x[0]![low]!) / span);
    const dy = Math.round((y[0]![high]! - y[0]![low]!) / span);
    const ex = Math.round((x[2]![low]! - x[0]![low]!) / CELL_ROWS);
    const ey = Math.round((y[2]![low]! - y[0]![low]!) / CELL_ROWS);
    if (Math.abs(dx) + Math.abs(dy) !== 1 || Math.abs(ex) + Math.abs(ey) !== 1) return false;
    const column = steadyCell(x, low, dx * span, ex * CELL_ROWS);
    const row = steadyCell(y, low, dy * span, ey * CELL_ROWS);
    if (Number.isNaN(column + row)) return false;
    const { width, height } = this.#size;
    // the cell may reach above the picture, and what is there off the source: then its rows are moved run by run
    const lastColumn = column + dx * (columns - 1) + ex * (CELL_ROWS - 1);
    const lastRow = row + dy * (columns - 1) + ey * (CELL_ROWS - 1);
    if (Math.min(column, lastColumn) < 0 || Math.max(column, lastColumn) >= width) return false;
    if (Math.min(row, lastRow) < 0 || Math.max(row, lastRow) >= height) return false;
    this.#at[i] = row * width + column;
    this.#step[i] = dx + dy * width;
    this.#rise[i] = ex + ey * width;
    return true;
  }
}

/**
 * The whole pixel that the places of a cell belong to along one axis of the source, less the steps of `across` from left to right and `up` from bottom to top; NaN when they may
 * belong to several. How far places may be off the plane through the corners is told by the second differences over both ends and the middle, with a margin for their change.
 *
 * @param lines places in the bottom row, the middle and the top row, those of this cell at low, low + 1 and low + 2
 */
function steadyCell(lines: readonly Float64Array[], low: number, across: number, up: number): number {
  const [bottom, middle, top] = lines as readonly [Float64Array, Float64Array, Float64Array];
  const high = low + 2;
  const bend =
    Math.max(
      Math.abs(bottom[low]! - 2 * bottom[low + 1]! + bottom[high]!),
      Math.abs(top[low]! - 2 * top[low + 1]! + top[high]!),
    ) +
    Math.max(
      Math.abs(bottom[low]! - 2 * middle[low]! + top[low]!),
      Math.abs(bottom[high]! - 2 * middle[high]! + top[high]!),
    );
  const a = bottom[low]!;
  const b = bottom[high]! - across;
  const c = top[low]! - up;
  const d = top[high]! - across - up;
  return steadyPixel(Math.min(a, b, c, d), Math.max(a, b, c, d), bend + MARGIN);
}
