import type { ExactMap, Wcs } from "@sbnsis/wcs";
import { DEGREE, icrsVectorToPixel } from "@sbnsis/wcs/internal";
import type { PixelBox } from "../frame/cutout-box.ts";
import type { RowPlaces } from "./kernel/sample-plain.ts";
import type { StackMachine } from "./kernel/stack-machine.ts";

/**
 * The plane of a stack in one frame: gnomonic, north up, east to the left, square, its middle pixel
 * at a given position on the sky. In FITS: TAN with CRPIX = (side + 1) / 2, CDELT = (-scale,
 * scale).
 */
export interface StackPlane {
  /** ICRS position of the middle, degrees. */
  readonly ra: number;
  readonly dec: number;
  /** Size of a pixel, degrees. */
  readonly scale: number;
  /** Width and height, pixels. */
  readonly side: number;
}

/**
 * Where the pixels of a stack are in a frame, as polynomials of degree 5 in both coordinates.
 * Plain data apart from `exact`.
 */
export interface FramePlaces {
  readonly side: number;
  /** Patches along each axis; 0 if no polynomials are accurate enough. */
  readonly patches: number;
  /** For each patch, row by row: 36 coefficients each of x, y and area. */
  readonly polynomials: readonly Float64Array[];
  readonly exact: ExactMap;
}

const NODES = 6;
const COEFFICIENTS = NODES * NODES;
/** Allowed error, pixels of the frame. */
const TOLERANCE = 1e-5;
const MAX_PATCHES = 8;

/** Chebyshev's nodes of degree 5 in -1 .. 1. */
const nodes = Array.from({ length: NODES }, (_, k) => -Math.cos((Math.PI * (2 * k + 1)) / (2 * NODES)));
/** Entries k * 6 ..: the coefficient of t^k by the values at the nodes. */
const fromNodes = Float64Array.from(inverse(nodes.map((t) => nodes.map((_, k) => t ** k))).flat());

/**
 * Writes the exact position in a frame of (x, y) on the plane into out[0..1], both in pixels from
 * 0; NaN where the frame has none.
 */
export function planeMap({ ra, dec, scale, side }: StackPlane, wcs: Wcs): ExactMap {
  const [sinRa, cosRa] = [Math.sin(ra * DEGREE), Math.cos(ra * DEGREE)];
  const [sinDec, cosDec] = [Math.sin(dec * DEGREE), Math.cos(dec * DEGREE)];
  const middle = (side - 1) / 2;
  const v = new Float64Array(3);
  return (x, y, out) => {
    const xi = (middle - x) * scale * DEGREE;
    const eta = (y - middle) * scale * DEGREE;
    const length = Math.sqrt(1 + xi * xi + eta * eta);
    const depth = cosDec - eta * sinDec;
    v[0] = (depth * cosRa - xi * sinRa) / length;
    v[1] = (depth * sinRa + xi * cosRa) / length;
    v[2] = (sinDec + eta * cosDec) / length;
    if (icrsVectorToPixel(wcs, v, out)) return;
    out[0] = Number.NaN;
    out[1] = Number.NaN;
  };
}

/**
 * Where the pixels of a plane of side x side pixels are in a frame, and the area of each in pixels
 * of the frame: |det| of the Jacobian. Polynomials through 36 exact positions; if they are wrong by
 * more than 1e-5 pixels at the corners, the edges or the middle, the plane is divided into up to 8
 * x 8 patches; where that is not enough either, every position is computed exactly.
 */
export function framePlaces(exact: ExactMap, side: number): FramePlaces {
  for (let patches = 1; patches <= Math.min(MAX_PATCHES, side); patches *= 2) {
    const polynomials: Float64Array[] = [];
    for (let k = 0; k < patches * patches; k++) {
      const area = patchArea(side, patches, k % patches, Math.floor(k / patches));
      const found = fitted(exact, area);
      if (found === undefined) break;
      polynomials.push(found);
    }
    if (polynomials.length === patches * patches) return { side, patches, polynomials, exact };
  }
  return { side, patches: 0, polynomials: [], exact };
}

/** The middle and half the side of a patch, pixels of the plane. */
interface PatchArea {
  readonly x: number;
  readonly y: number;
  readonly half: number;
}

function patchArea(side: number, patches: number, column: number, row: number): PatchArea {
  const half = Math.max(0.5, side / patches / 2);
  return { x: (2 * column + 1) * half - 0.5, y: (2 * row + 1) * half - 0.5, half };
}

const place = new Float64Array(2);

function fitted(exact: ExactMap, { x, y, half }: PatchArea): Float64Array | undefined {
  const values = [new Float64Array(COEFFICIENTS), new Float64Array(COEFFICIENTS)] as const;
  for (let j = 0; j < NODES; j++) {
    for (let i = 0; i < NODES; i++) {
      exact(x + half * nodes[i]!, y + half * nodes[j]!, place);
      values[0][j * NODES + i] = place[0]!;
      values[1][j * NODES + i] = place[1]!;
    }
  }
  const out = new Float64Array(3 * COEFFICIENTS);
  const cx = toCoefficients(values[0]);
  const cy = toCoefficients(values[1]);
  out.set(cx);
  out.set(cy, COEFFICIENTS);
  out.set(toCoefficients(areasAtNodes(cx, cy, half)), 2 * COEFFICIENTS);
  for (let k = 0; k < 9; k++) {
    const u = (k % 3) - 1;
    const v = Math.floor(k / 3) - 1;
    exact(x + half * u, y + half * v, place);
    const error = Math.hypot(valueAt(cx, u, v) - place[0]!, valueAt(cy, u, v) - place[1]!);
    if (!(error < TOLERANCE)) return undefined;
  }
  return out;
}

/** Coefficients c[j * 6 + i] of u^i v^j by the values at the nodes. */
function toCoefficients(values: Float64Array): Float64Array {
  const half = new Float64Array(COEFFICIENTS);
  const out = new Float64Array(COEFFICIENTS);
  for (let j = 0; j < NODES; j++) {
    for (let i = 0; i < NODES; i++) {
      let sum = 0;
      for (let k = 0; k < NODES; k++) sum += fromNodes[i * NODES + k]! * values[j * NODES + k]!;
      half[j * NODES + i] = sum;
    }
  }
  for (let j = 0; j < NODES; j++) {
    for (let i = 0; i < NODES; i++) {
      let sum = 0;
      for (let k = 0; k < NODES; k++) sum += fromNodes[j * NODES + k]! * half[k * NODES + i]!;
      out[j * NODES + i] = sum;
    }
  }
  return out;
}

/** |det| of the Jacobian at the nodes. */
function areasAtNodes(cx: Float64Array, cy: Float64Array, half: number): Float64Array {
  const areas = new Float64Array(COEFFICIENTS);
  for (let j = 0; j < NODES; j++) {
    for (let i = 0; i < NODES; i++) {
      const xu = slope(cx, i, j, slopes, powers);
      const xv = slope(cx, i, j, powers, slopes);
      const yu = slope(cy, i, j, slopes, powers);
      const yv = slope(cy, i, j, powers, slopes);
      areas[j * NODES + i] = Math.abs(xu * yv - xv * yu) / (half * half);
    }
  }
  return areas;
}

/** Entry a * 6 + k: t^k, and its derivative k t^(k-1), at node a. */
const powers = Float64Array.from(
  { length: COEFFICIENTS },
  (_, i) => nodes[Math.floor(i / NODES)]! ** (i % NODES),
);
const slopes = Float64Array.from({ length: COEFFICIENTS }, (_, i) =>
  i % NODES === 0 ? 0 : (i % NODES) * powers[i - 1]!,
);

/** The sum of c[j * 6 + i] times the factors of u^i at node a and of v^j at node b. */
function slope(c: Float64Array, a: number, b: number, alongU: Float64Array, alongV: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < NODES; j++) {
    const factor = alongV[b * NODES + j]!;
    for (let i = 0; i < NODES; i++) sum += c[j * NODES + i]! * alongU[a * NODES + i]! * factor;
  }
  return sum;
}

function valueAt(c: Float64Array, u: number, v: number): number {
  return sumOver((i, j) => c[j * NODES + i]! * u ** i * v ** j);
}

function sumOver(term: (i: number, j: number) => number): number {
  let sum = 0;
  for (let j = 0; j < NODES; j++) for (let i = 0; i < NODES; i++) sum += term(i, j);
  return sum;
}

/** Gauss and Jordan, with pivots. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, k) => (k === i ? 1 : 0))]);
  for (let column = 0; column < n; column++) {
    let best = column;
    for (let row = column; row < n; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[best]![column]!)) best = row;
    [rows[column], rows[best]] = [rows[best]!, rows[column]!];
    const pivot = rows[column]!;
    const scale = 1 / pivot[column]!;
    for (let k = 0; k < 2 * n; k++) pivot[k]! *= scale;
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[column]!;
      for (let k = 0; k < 2 * n; k++) row[k]! -= factor * pivot[k]!;
    }
  }
  return rows.map((row) => row.slice(n));
}

/**
 * Writes the positions of row `y` of the plane into `into`, relative to the first pixel of a box.
 * @param work an array of the machine of 18 numbers
 */
export function placeRow(
  machine: StackMachine,
  { side, patches, polynomials, exact }: FramePlaces,
  y: number,
  [startX, startY]: PixelBox["start"],
  into: RowPlaces,
  work: Float64Array,
): void {
  if (patches === 0) {
    exactRow(exact, side, y, [startX, startY], into);
    return;
  }
  const row = Math.min(patches - 1, Math.floor(((y + 0.5) * patches) / side));
  for (let column = 0; column < patches; column++) {
    const area = patchArea(side, patches, column, row);
    const c = polynomials[row * patches + column]!;
    const v = (y - area.y) / area.half;
    for (let k = 0; k < 3; k++) {
      for (let i = 0; i < NODES; i++) {
        let sum = 0;
        for (let j = NODES - 1; j >= 0; j--) sum = sum * v + c[k * COEFFICIENTS + j * NODES + i]!;
        work[k * NODES + i] = sum;
      }
    }
    work[0]! -= startX;
    work[NODES]! -= startY;
    const first = Math.ceil((column * side) / patches);
    const end = Math.ceil(((column + 1) * side) / patches);
    const part =
      patches === 1
        ? into
        : {
            xs: into.xs.subarray(first, end),
            ys: into.ys.subarray(first, end),
            areas: into.areas.subarray(first, end),
          };
    machine.placeRow(work, (first - area.x) / area.half, 1 / area.half, end - first, part);
  }
}

function exactRow(
  exact: ExactMap,
  side: number,
  y: number,
  [startX, startY]: PixelBox["start"],
  { xs, ys, areas }: RowPlaces,
): void {
  const [right, left, up, down] = Array.from({ length: 4 }, () => new Float64Array(2)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let x = 0; x < side; x++) {
    exact(x, y, place);
    xs[x] = place[0]! - startX;
    ys[x] = place[1]! - startY;
    exact(x + 0.5, y, right);
    exact(x - 0.5, y, left);
    exact(x, y + 0.5, up);
    exact(x, y - 0.5, down);
    areas[x] = Math.abs(
      (right[0]! - left[0]!) * (up[1]! - down[1]!) - (up[0]! - down[0]!) * (right[1]! - left[1]!),
    );
  }
}

/** Pixels of the plane between the sampled positions of a border. */
const BORDER_STEP = 16;

/**
 * The box of a frame needed for rows y0 .. y1-1 of the plane: around their border, `reach` pixels
 * wider on all sides, trimmed to the frame; undefined if there is none. The whole frame if part of
 * the border is not on the frame's map.
 */
export function boxOfRows(
  { exact, side }: FramePlaces,
  [y0, y1]: readonly [number, number],
  reach: number,
  [width, height]: readonly [number, number],
): PixelBox | undefined {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const look = (x: number, y: number): void => {
    exact(x, y, place);
    for (const axis of [0, 1]) {
      // Math.min and Math.max keep NaN
      low[axis] = Math.min(low[axis]!, place[axis]!);
      high[axis] = Math.max(high[axis]!, place[axis]!);
    }
  };
  for (const y of [y0, y1 - 1]) for (const x of steps(0, side - 1)) look(x, y);
  for (const y of steps(y0, y1 - 1)) for (const x of [0, side - 1]) look(x, y);
  if (low.concat(high).some(Number.isNaN)) return { start: [0, 0], shape: [width, height] };
  const along = (axis: 0 | 1, length: number): readonly [number, number] => {
    // the border may bend between two sampled positions
    const margin = reach + 1 + (high[axis]! - low[axis]!) * 1e-3;
    const start = Math.max(0, Math.floor(low[axis]! - margin));
    return [start, Math.min(length, Math.ceil(high[axis]! + margin) + 1) - start];
  };
  const [left, columns] = along(0, width);
  const [bottom, rows] = along(1, height);
  return columns > 0 && rows > 0 ? { start: [left, bottom], shape: [columns, rows] } : undefined;
}

function steps(first: number, last: number): readonly number[] {
  const count = Math.max(1, Math.ceil((last - first) / BORDER_STEP));
  return Array.from({ length: count + 1 }, (_, i) => first + ((last - first) * i) / count);
}
