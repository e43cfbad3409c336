/**
 * Maps the pixels of one row of a picture to its source: for i = 0 .. count-1 the center of pixel
 * (x0 + i * step, y) is at (sourceX[i], sourceY[i]). Both count from 0 at the center of the lower
 * left pixel. NaN for positions outside the source's map.
 */
export type RowMap = (
  y: number,
  x0: number,
  step: number,
  count: number,
  sourceX: Float64Array,
  sourceY: Float64Array,
) => void;

/**
 * Writes the exact source position of a picture position into out[0..1]; NaN where there is none.
 * Pixels count from 0.
 */
export type ExactMap = (x: number, y: number, out: Float64Array) => void;

/** A map of all pixels of a picture. */
export interface GridMap {
  readonly rows: RowMap;
  /** The largest error found where the grid was checked, pixels of the source; 0 if exact. */
  readonly error: number;
}

/** Pixels between the nodes of the grid. */
const STEP = 32;

/** Nodes on either side of a cell used by its polynomial, whose degree is 2 * REACH - 1. */
const REACH = 3;
const NODES = 2 * REACH;

/**
 * Default of the allowed error of the grid at the positions where it is checked, pixels of the
 * source.
 */
const TOLERANCE = 1e-7;

/** Positions along each axis at which the grid is checked. */
const CHECKS = 9;

/**
 * Maps a picture of width x height pixels with polynomials of degree 5 through exact positions on a
 * grid of 32 x 32 pixels. Projections and their distortions are smooth enough at that scale for an
 * error below 1e-7 pixels. This is checked against the exact map at 81 positions; where the error
 * is larger than `tolerance`, or nodes have no position, pixels are mapped one by one.
 */
export function gridMap(exact: ExactMap, width: number, height: number, tolerance = TOLERANCE): GridMap {
  const columns = Math.ceil(width / STEP) + NODES;
  const rows = Math.ceil(height / STEP) + NODES;
  if (columns * rows > COARSE_NODES) {
    const fast = rowsByGrid(refined(coarseGrid(exact, columns, rows), columns, rows), exact, 0);
    const error = largestError(fast, exact, width, height);
    if (error <= tolerance) return { rows: fast, error };
  }
  const kept = columns <= FEW && height <= KEPT_ROWS ? height : 0;
  const fast = rowsByGrid(exactGrid(exact, columns, rows, STEP, 1 - REACH), exact, kept);
  const error = largestError(fast, exact, width, height);
  return error <= tolerance ? { rows: fast, error } : { rows: rowsByExact(exact), error: 0 };
}

/**
 * With more nodes than this, every other one is interpolated from its neighbors, if that is
 * accurate.
 */
const COARSE_NODES = 4096;

/** Exact positions at `step` pixels, from `first` steps on. */
function exactGrid(exact: ExactMap, columns: number, rows: number, step: number, first: number): Grid {
  const out = new Float64Array(2);
  const grid: Grid = { columns, x: new Float64Array(columns * rows), y: new Float64Array(columns * rows) };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      exact((column + first) * step, (row + first) * step, out);
      grid.x[row * columns + column] = out[0]!;
      grid.y[row * columns + column] = out[1]!;
    }
  }
  return grid;
}

/** A grid with twice the step that extends far enough for `refined`. */
function coarseGrid(exact: ExactMap, columns: number, rows: number): Grid {
  return exactGrid(exact, (columns >> 1) + NODES, (rows >> 1) + NODES, 2 * STEP, COARSE_FIRST);
}

/** Index of the first coarse node: two before the one at or below the first fine node. */
const COARSE_FIRST = Math.floor((1 - REACH) / 2) - (REACH - 1);

/** Interpolates the grid of columns x rows nodes from the coarse one. */
function refined(coarse: Grid, columns: number, rows: number): Grid {
  const fine: Grid = { columns, x: new Float64Array(columns * rows), y: new Float64Array(columns * rows) };
  const half = lagrange(0.5);
  const line: Grid = {
    columns: coarse.columns,
    x: new Float64Array(coarse.columns),
    y: new Float64Array(coarse.columns),
  };
  for (let row = 0; row < rows; row++) {
    const place = (row + 1 - REACH) / 2 - COARSE_FIRST;
    const weights = Number.isInteger(place) ? lagrange(0) : half;
    const first = (Math.floor(place) - REACH + 1) * coarse.columns;
    blend(coarse.x, first, coarse.columns, weights, line.x);
    blend(coarse.y, first, coarse.columns, weights, line.y);
    for (let column = 0; column < columns; column++) {
      const at = (column + 1 - REACH) / 2 - COARSE_FIRST;
      fine.x[row * columns + column] = between(line.x, at, half);
      fine.y[row * columns + column] = between(line.y, at, half);
    }
  }
  return fine;
}

/** Interpolates a line at a whole or half node. */
function between(line: Float64Array, at: number, half: Float64Array): number {
  if (Number.isInteger(at)) return line[at]!;
  let sum = 0;
  for (let k = 0; k < NODES; k++) sum += half[k]! * line[Math.floor(at) - REACH + 1 + k]!;
  return sum;
}

interface Grid {
  readonly columns: number;
  /** Row by row; node (0, 0) is REACH - 1 steps to the left of and below pixel (0, 0). */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function rowsByExact(exact: ExactMap): RowMap {
  const out = new Float64Array(2);
  return (y, x0, step, count, sourceX, sourceY) => {
    for (let i = 0; i < count; i++) {
      exact(x0 + i * step, y, out);
      sourceX[i] = out[0]!;
      sourceY[i] = out[1]!;
    }
  };
}

/** If at most this many nodes of a row are needed, only those are computed. */
const FEW = 16;
/**
 * Pictures of at most this many rows, with few nodes in each, cache the nodes, because rows are
 * visited several times.
 */
const KEPT_ROWS = 1024;

/** Nodes of a row of the picture: that of column c is at c - first. */
interface NodeLine {
  row: number;
  first: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function nodeLine(length: number): NodeLine {
  return { row: -1, first: 0, x: new Float64Array(length), y: new Float64Array(length) };
}

/** @param keptRows rows of the picture, from 0 on, whose nodes are cached */
function rowsByGrid(grid: Grid, exact: ExactMap, keptRows: number): RowMap {
  const { columns } = grid;
  const kept = nodeLine(keptRows * columns);
  const isKept = new Uint8Array(keptRows);
  const whole = nodeLine(columns);
  const part = nodeLine(FEW);
  const px = new Float64Array(NODES);
  const py = new Float64Array(NODES);
  const byExact = rowsByExact(exact);
  const lineFor = (y: number, first: number, count: number): NodeLine => {
    if (isKept[y] !== undefined) {
      kept.first = -y * columns;
      if (isKept[y] === 0) interpolateLine(grid, y, 0, kept, y * columns);
      isKept[y] = 1;
      return kept;
    }
    if (y !== whole.row && count <= FEW) {
      const from = Math.max(0, Math.min(first, columns - FEW));
      if (y !== part.row || from !== part.first) {
        part.row = y;
        part.first = from;
        interpolateLine(grid, y, from, part, 0);
      }
      return part;
    }
    if (y !== whole.row) {
      whole.row = y;
      interpolateLine(grid, y, 0, whole, 0);
    }
    return whole;
  };
  return (y, x0, step, count, sourceX, sourceY) => {
    const firstCell = Math.floor(x0 / STEP);
    const lastCell = Math.floor((x0 + (count - 1) * step) / STEP);
    const line = lineFor(y, firstCell, lastCell - firstCell + NODES);
    let i = 0;
    if (x0 % STEP === 0 && step % STEP === 0) {
      // the nodes themselves
      const first = x0 / STEP + REACH - 1 - line.first;
      const stride = step / STEP;
      for (; i < count; i++) {
        const at = line.x[first + i * stride]!;
        if (Number.isNaN(at)) byExact(y, x0 + i * step, step, 1, sourceX.subarray(i), sourceY.subarray(i));
        else {
          sourceX[i] = at;
          sourceY[i] = line.y[first + i * stride]!;
        }
      }
    }
    while (i < count) {
      const cell = Math.floor((x0 + i * step) / STEP);
      const end = Math.min(count, i + Math.ceil(((cell + 1) * STEP - x0 - i * step) / step));
      const node = cell - line.first;
      if (!(polynomialThrough(line.x, node, px) && polynomialThrough(line.y, node, py))) {
        byExact(y, x0 + i * step, step, end - i, sourceX.subarray(i), sourceY.subarray(i));
        i = end;
        continue;
      }
      const [a0, a1, a2, a3, a4, a5] = px as unknown as readonly number[];
      const [b0, b1, b2, b3, b4, b5] = py as unknown as readonly number[];
      for (; i < end; i++) {
        const t = (x0 + i * step) / STEP - cell;
        sourceX[i] = a0! + t * (a1! + t * (a2! + t * (a3! + t * (a4! + t * a5!))));
        sourceY[i] = b0! + t * (b1! + t * (b2! + t * (b3! + t * (b4! + t * b5!))));
      }
    }
  };
}

/**
 * Interpolates the nodes of a row of the picture from column `first` on, from those of the
 * surrounding grid, into a line from index `at` on.
 */
function interpolateLine(grid: Grid, y: number, first: number, line: NodeLine, at: number): void {
  const cell = Math.floor(y / STEP);
  const weights = rowWeights[y - cell * STEP] ?? lagrange(y / STEP - cell);
  const { columns } = grid;
  blend(grid.x, cell * columns + first, columns, weights, line.x, at);
  blend(grid.y, cell * columns + first, columns, weights, line.y, at);
}

/** The weighted sum of six rows of a grid. */
function blend(
  grid: Float64Array,
  first: number,
  columns: number,
  weights: Float64Array,
  out: Float64Array,
  outFirst = 0,
): void {
  const [a, b, c, d, e, f] = weights as unknown as readonly [number, number, number, number, number, number];
  const length = Math.min(out.length - outFirst, columns);
  for (let i = 0; i < length; i++) {
    const at = first + i;
    out[outFirst + i] =
      a * grid[at]! +
      b * grid[at + columns]! +
      c * grid[at + 2 * columns]! +
      d * grid[at + 3 * columns]! +
      e * grid[at + 4 * columns]! +
      f * grid[at + 5 * columns]!;
  }
}

/** Weights of the nodes at -2, -1, 0, 1, 2, 3 for a value at t, 0 <= t < 1. */
function lagrange(t: number): Float64Array {
  const weights = new Float64Array(NODES);
  for (let k = 0; k < NODES; k++) {
    let weight = 1;
    for (let j = 0; j < NODES; j++) if (j !== k) weight *= (t - (j - REACH + 1)) / (k - j);
    weights[k] = weight;
  }
  return weights;
}

/** Weights for the rows between two nodes. */
const rowWeights = Array.from({ length: STEP }, (_, i) => lagrange(i / STEP));

const DENOMINATOR = 1 / 120;

/**
 * Coefficients of 1, t ... t^5 of the polynomial through the nodes at t = -2 .. 3 of a cell; false
 * when one of them has no position.
 */
function polynomialThrough(line: Float64Array, cell: number, out: Float64Array): boolean {
  const a = line[cell]!;
  const b = line[cell + 1]!;
  const c = line[cell + 2]!;
  const d = line[cell + 3]!;
  const e = line[cell + 4]!;
  const f = line[cell + 5]!;
  // Lagrange's polynomial in powers of t, over its common denominator
  out[0] = c;
  out[1] = (6 * a - 60 * b - 40 * c + 120 * d - 30 * e + 4 * f) * DENOMINATOR;
  out[2] = (-5 * a + 80 * b - 150 * c + 80 * d - 5 * e) * DENOMINATOR;
  out[3] = (-5 * a - 5 * b + 50 * c - 70 * d + 35 * e - 5 * f) * DENOMINATOR;
  out[4] = (5 * a - 20 * b + 30 * c - 20 * d + 5 * e) * DENOMINATOR;
  out[5] = (-a + 5 * b - 10 * c + 10 * d - 5 * e + f) * DENOMINATOR;
  return !Number.isNaN(a + b + c + d + e + f);
}

/** The largest difference from the exact map along an axis at CHECKS x CHECKS pixels. */
function largestError(fast: RowMap, exact: ExactMap, width: number, height: number): number {
  const x = new Float64Array(1);
  const y = new Float64Array(1);
  const out = new Float64Array(2);
  let worst = 0;
  for (let j = 0; j < CHECKS; j++) {
    const row = Math.floor(((j + 0.5) * height) / CHECKS);
    for (let i = 0; i < CHECKS; i++) {
      const column = Math.floor(((i + 0.5) * width) / CHECKS);
      fast(row, column, 1, 1, x, y);
      exact(column, row, out);
      const error = Math.max(Math.abs(x[0]! - out[0]!), Math.abs(y[0]! - out[1]!));
      // NaN if neither has a position
      if (error > worst) worst = error;
    }
  }
  return worst;
}
