import type { RowMap } from "@sbnsis/wcs";
import type { ImageSize } from "./coverage.ts";
import type { SegmentCopier } from "./segment-copier.ts";
import { commonPixel, MARGIN, SEGMENT } from "./segment-copier.ts";

/** Columns and rows of a cell of pixels that are tested together. */
const CELL_COLUMNS = 256;
const CELL_ROWS = 32;

/** Copies the cells of a picture that only shift whole pixels, one row of cells at a time. */
export class CellCopier {
  readonly #map: RowMap;
  readonly #size: ImageSize;
  readonly #width: number;
  /** Number of cells that are CELL_COLUMNS wide; a narrower one may follow. */
  readonly #full: number;
  /**
   * Index in the source of the first pixel of each cell, and the steps to the next column and row.
   */
  readonly #at: Float64Array;
  readonly #step: Float64Array;
  readonly #rise: Float64Array;
  /**
   * Positions in the bottom, middle and top rows of the cells: at both ends of each cell and in the
   * middle.
   */
  readonly #x: readonly Float64Array[];
  readonly #y: readonly Float64Array[];
  #rows = -1;
  #copyable = true;

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

  /**
   * Copies a row of the picture if all of its cells can be copied; otherwise returns false, without
   * side effects.
   */
  copyRow(row: number, copier: SegmentCopier, out: Uint8Array): boolean {
    const rows = Math.floor(row / CELL_ROWS);
    if (rows !== this.#rows) {
      this.#rows = rows;
      this.#copyable = this.#testRow(rows * CELL_ROWS);
    }
    if (!this.#copyable) return false;
    const above = row - rows * CELL_ROWS;
    for (let i = 0, from = 0; from < this.#width; i++, from += CELL_COLUMNS) {
      const count = Math.min(CELL_COLUMNS, this.#width - from);
      copier.add(from, this.#at[i]! + above * this.#rise[i]!, this.#step[i]!, count, out);
    }
    return true;
  }

  /** Tests a row of cells from the first on, up to one that cannot be copied. */
  #testRow(bottom: number): boolean {
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
    for (let i = 0; i < this.#at.length; i++) if (!this.#testCell(i)) return false;
    return true;
  }

  /** Columns between the tested ends of a cell: nodes of gridMap, as is the middle. */
  #spanOf(i: number): number {
    return i < this.#full
      ? CELL_COLUMNS
      : 2 * SEGMENT * Math.ceil((this.#width - i * CELL_COLUMNS) / (2 * SEGMENT));
  }

  #testCell(i: number): boolean {
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
    const column = commonCellPixel(x, low, dx * span, ex * CELL_ROWS);
    const row = commonCellPixel(y, low, dy * span, ey * CELL_ROWS);
    if (Number.isNaN(column + row)) return false;
    const { width, height } = this.#size;
    // the cell may extend above the picture, and off the source there: its rows are then resampled
    // by segments
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
 * The pixel that contains the positions of a cell along one axis of the source, less the steps of
 * `across` from left to right and `up` from bottom to top; NaN when there may be several.
 * The second differences over both ends and the middle, with a margin for their change, limit the
 * deviation from the plane through the corners.
 * @param lines positions in the bottom row, the middle and the top row, those of this cell at low,
 * low + 1 and low + 2
 */
function commonCellPixel(lines: readonly Float64Array[], low: number, across: number, up: number): number {
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
  return commonPixel(Math.min(a, b, c, d), Math.max(a, b, c, d), bend + MARGIN);
}
