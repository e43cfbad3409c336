import type { ImageSize } from "./inside.ts";
import type { RowMap } from "./pixel-map.ts";

/** Pixels between the places that are looked at first: the nodes of gridMap, which cost nothing. */
const RUN = 32;
/** Runs that are bent by less than this, in pixels of both axes together, are taken to be straight where that makes no difference. */
const STRAIGHT = 0.125;
/** Pixels that are mapped together where one is near an edge. */
const NEAR = 4;

/** How far a place may be from where it is computed, besides its curvature. */
const MARGIN = 1e-6;

/** From so many pixels on a copy by the engine is quicker than a loop. */
const LONG = 48;

/**
 * Resamples an image of bytes by the nearest neighbour, as resampleRows does; outside the image there is 0.
 * Most maps of the sky only shift, turn by a quarter or mirror whole pixels where one looks close enough: where the places of the corners of a cell and their
 * curvature show that all pixels of it do so, or those of the ends of a run in a row, they are copied, neighbours together. Other runs are taken along a
 * parabola, and only pixels near an edge of one of the source's are mapped one by one.
 *
 * @param bytes pixels of the source, row 0 first
 * @param size of the source
 * @param width width of the picture
 * @returns fills `out` with row y of the picture; quickest where rows are asked for in order
 */
export function pixelMover(
  map: RowMap,
  bytes: Uint8Array,
  size: ImageSize,
  width: number,
): (y: number, out: Uint8Array) => void {
  const copier = new RunCopier(bytes);
  const cells = new SteadyCells(map, size, width);
  const moveRow = rowMover(map, bytes, size, width, copier);
  return (row, out) => {
    if (!cells.copyRow(row, copier, out)) moveRow(row, out);
    copier.flush(out);
  };
}

/** Moves a row of the picture run by run. */
function rowMover(
  map: RowMap,
  bytes: Uint8Array,
  size: ImageSize,
  width: number,
  copier: RunCopier,
): (row: number, out: Uint8Array) => void {
  const runs = Math.ceil(width / RUN);
  const x = new Float64Array(runs + 1);
  const y = new Float64Array(runs + 1);
  const sourceX = new Float64Array(RUN);
  const sourceY = new Float64Array(RUN);
  const mapEach = (row: number, from: number, count: number, out: Uint8Array) => {
    map(row, from, 1, count, sourceX, sourceY);
    for (let i = 0; i < count; i++) {
      const sx = sourceX[i]!;
      const sy = sourceY[i]!;
      out[from + i] =
        sx >= -0.5 && sx < size.width - 0.5 && sy >= -0.5 && sy < size.height - 0.5
          ? bytes[((sy + 0.5) | 0) * size.width + ((sx + 0.5) | 0)]!
          : 0;
    }
  };
  return (row, out) => {
    map(row, 0, RUN, runs + 1, x, y);
    for (let run = 0; run < runs; run++) {
      const from = run * RUN;
      const count = Math.min(RUN, width - from);
      const offX = curvature(x, run) + MARGIN;
      const offY = curvature(y, run) + MARGIN;
      if (copySteady(copier, size, x, y, run, offX, offY, count, out)) continue;
      const side = offX + offY < STRAIGHT ? sideOf(x, y, run, size) : EDGE;
      if (side === OUTSIDE) out.fill(0, from, from + count);
      else if (side === EDGE) mapEach(row, from, count, out);
      else {
        for (let i = 0; i < count; ) {
          i = moveBent(bytes, size.width, x, y, run, i, count, out);
          if (i === count) break;
          const near = Math.min(NEAR, count - i);
          mapEach(row, from + i, near, out);
          i += near;
        }
      }
    }
  };
}

/** Columns and rows of a cell of pixels that are tried together. */
const CELL_COLUMNS = 256;
const CELL_ROWS = 32;

/** The cells in a row of the picture that only move whole pixels, those of one row of cells at a time. */
class SteadyCells {
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

const INSIDE = 0;
const OUTSIDE = 1;
const EDGE = 2;

/** Whether a straight run lies on the source, off it, or maybe both. */
function sideOf(x: Float64Array, y: Float64Array, run: number, { width, height }: ImageSize): number {
  const left = Math.min(x[run]!, x[run + 1]!);
  const right = Math.max(x[run]!, x[run + 1]!);
  const bottom = Math.min(y[run]!, y[run + 1]!);
  const top = Math.max(y[run]!, y[run + 1]!);
  if (left > 0 && right < width - 1 && bottom > 0 && top < height - 1) return INSIDE;
  return right < -1 || left > width || top < -1 || bottom > height ? OUTSIDE : EDGE;
}

/**
 * Pixels of a run from `first` on by the parabola that goes through its ends and has the mean of their second differences. Gives the first that is so near an
 * edge of a pixel of the source that it could be on the wrong side.
 */
function moveBent(
  bytes: Uint8Array,
  columns: number,
  x: Float64Array,
  y: Float64Array,
  run: number,
  first: number,
  count: number,
  out: Uint8Array,
): number {
  const from = run * RUN;
  const last = x.length - 1;
  const inner = run > 0 && run + 1 < last;
  const bendX = inner ? (x[run - 1]! - x[run]! - x[run + 1]! + x[run + 2]!) / 2 : 0;
  const bendY = inner ? (y[run - 1]! - y[run]! - y[run + 1]! + y[run + 2]!) / 2 : 0;
  // at the ends of a row there is no other end to tell the curvature from
  const offX = MARGIN + (inner ? twist(x, run) : curvature(x, run));
  const offY = MARGIN + (inner ? twist(y, run) : curvature(y, run));
  const squareX = bendX / (2 * RUN * RUN);
  const squareY = bendY / (2 * RUN * RUN);
  const stepX = (x[run + 1]! - x[run]!) / RUN - squareX * RUN;
  const stepY = (y[run + 1]! - y[run]!) / RUN - squareY * RUN;
  const startX = x[run]! + 0.5;
  const startY = y[run]! + 0.5;
  const highX = 1 - offX;
  const highY = 1 - offY;
  for (let i = first; i < count; i++) {
    const sx = startX + i * (stepX + i * squareX);
    const sy = startY + i * (stepY + i * squareY);
    const column = sx | 0;
    const line = sy | 0;
    const fx = sx - column;
    const fy = sy - line;
    if (!(fx > offX && fx < highX && fy > offY && fy < highY)) return i;
    out[from + i] = bytes[line * columns + column]!;
  }
  return count;
}

/** How far places within a run may be off its parabola: its third difference, with a margin for its change. */
function twist(nodes: Float64Array, run: number): number {
  const third = nodes[run + 2]! - 3 * nodes[run + 1]! + 3 * nodes[run]! - nodes[run - 1]!;
  return Math.abs(third) / 8;
}

/**
 * Copies a run whose places are off the straight line between its ends by at most `offX` and `offY`, when it is sure that its `count` pixels lie one beside
 * the other; false when not.
 */
function copySteady(
  copier: RunCopier,
  { width, height }: ImageSize,
  x: Float64Array,
  y: Float64Array,
  run: number,
  offX: number,
  offY: number,
  count: number,
  out: Uint8Array,
): boolean {
  const dx = Math.round((x[run + 1]! - x[run]!) / RUN);
  const dy = Math.round((y[run + 1]! - y[run]!) / RUN);
  if (Math.abs(dx) + Math.abs(dy) !== 1) return false;
  const column = steadyPixel(x[run]!, x[run + 1]! - dx * RUN, offX);
  const row = steadyPixel(y[run]!, y[run + 1]! - dy * RUN, offY);
  if (Number.isNaN(column + row)) return false;
  const lastColumn = column + dx * (count - 1);
  const lastRow = row + dy * (count - 1);
  if (Math.min(column, lastColumn) < 0 || Math.max(column, lastColumn) >= width) return false;
  if (Math.min(row, lastRow) < 0 || Math.max(row, lastRow) >= height) return false;
  copier.add(run * RUN, row * width + column, dx + dy * width, count, out);
  return true;
}

/** Copies runs of pixels that lie one beside the other in a row or a column of the source, those that continue one another in one go. */
class RunCopier {
  readonly #bytes: Uint8Array;
  /** The run that waits: where it begins in the picture's row and in the source, the step in the source, and its length. */
  #from = 0;
  #at = 0;
  #step = 0;
  #length = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Takes `count` pixels for the place `from` of `out`: those at `at`, `at + step` and so on. */
  add(from: number, at: number, step: number, count: number, out: Uint8Array): void {
    const continues =
      step === this.#step && from === this.#from + this.#length && at === this.#at + step * this.#length;
    if (continues) this.#length += count;
    else {
      this.flush(out);
      this.#from = from;
      this.#at = at;
      this.#step = step;
      this.#length = count;
    }
  }

  /** Copies what waits. */
  flush(out: Uint8Array): void {
    const bytes = this.#bytes;
    const length = this.#length;
    const step = this.#step;
    const from = this.#from;
    let at = this.#at;
    this.#length = 0;
    if (length >= LONG && step === 1) out.set(bytes.subarray(at, at + length), from);
    else if (length >= LONG && step === -1) {
      out.set(bytes.subarray(at - length + 1, at + 1), from);
      out.subarray(from, from + length).reverse();
    } else {
      const end = from + length;
      for (let i = from; i < end; i++, at += step) out[i] = bytes[at]!;
    }
  }
}

/** The whole pixel that two places and all between them belong to; NaN when they may belong to several. */
function steadyPixel(a: number, b: number, bend: number): number {
  const low = Math.floor(Math.min(a, b) - bend + 0.5);
  return low === Math.floor(Math.max(a, b) + bend + 0.5) ? low : Number.NaN;
}

/** How far places within a run may be off the straight line between its ends: its second difference, with a margin for its change. */
function curvature(nodes: Float64Array, run: number): number {
  const last = nodes.length - 1;
  const before = run === 0 ? run : run - 1;
  const after = Math.min(last, run + 2);
  if (after - before < 2) return Number.NaN;
  const bendBefore = run === 0 ? 0 : nodes[run - 1]! - 2 * nodes[run]! + nodes[run + 1]!;
  const bendAfter = run + 2 > last ? 0 : nodes[run]! - 2 * nodes[run + 1]! + nodes[run + 2]!;
  return Math.max(Math.abs(bendBefore), Math.abs(bendAfter)) / 4;
}
