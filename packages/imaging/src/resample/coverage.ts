import type { RowMap } from "@sbnsis/wcs";
import { curvature, MARGIN, SEGMENT } from "./segment-copier.ts";

/** Pixels along the sides of the cells whose corners are classified first. */
const CELL = SEGMENT;

/**
 * Margin, in pixels, of a cell's corners to an edge, besides their second difference, for the whole
 * cell to be on the same side: within a cell a map is off the plane through its corners by an
 * eighth of its second differences along each side.
 */
const CORNER_MARGIN = 0.25;

/** Classes of a cell: entirely covered, entirely outside, or mixed and counted pixel by pixel. */
const INSIDE = 1;
export const OUTSIDE = 2;
export const MIXED = 0;

/** Width and height of an image, pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** The pixels of a picture's rows that are on its source. */
export interface Coverage {
  /** Number of such pixels in each row. */
  readonly counts: Uint32Array;
  /** The first of them, from 0; -1 when they are not contiguous or there are none. */
  readonly firsts: Int32Array;
}

/**
 * Finds the pixels of rows y0 .. y1-1 of a picture that are on its source.
 * Cells of 32 x 32 pixels whose corners are all clearly covered count as covered, and likewise
 * outside; mixed cells are classified by segments of a row in the same way, and uncertain segments
 * pixel by pixel.
 * @param width width of the picture
 */
export function coverageOf(map: RowMap, source: ImageSize, width: number, y0: number, y1: number): Coverage {
  const cells = Math.ceil(width / CELL);
  const x = new Float64Array(CELL);
  const y = new Float64Array(CELL);
  const nodesX = new Float64Array(cells + 1);
  const nodesY = new Float64Array(cells + 1);
  let below = new Int8Array(cells + 1);
  let above = new Int8Array(cells + 1);
  const sides = new Int8Array(cells);
  const counts = new Uint32Array(y1 - y0);
  const firsts = new Int32Array(y1 - y0);
  const classifyCorners = cornerClassifier(map, source, width);
  classifyCorners(y0, below);
  for (let bottom = y0; bottom < y1; bottom += CELL) {
    const top = Math.min(y1 - 1, bottom + CELL);
    classifyCorners(top, above);
    for (let i = 0; i < cells; i++) sides[i] = sideOfCell(below[i]!, below[i + 1]!, above[i]!, above[i + 1]!);
    const firstInside = sides.indexOf(INSIDE);
    const lastInside = sides.lastIndexOf(INSIDE);
    let covered = 0;
    for (let i = firstInside; i >= 0; i = sides.indexOf(INSIDE, i + 1))
      covered += Math.min(CELL, width - i * CELL);
    const firstMixed = sides.indexOf(MIXED);
    const areFew = countOf(sides, MIXED) <= FEW_MIXED;
    const end = Math.min(y1, bottom + CELL);
    for (let row = bottom; row < end; row++) {
      let count = covered;
      let first = firstInside < 0 ? width : firstInside * CELL;
      let last = lastInside < 0 ? -1 : Math.min(width, (lastInside + 1) * CELL) - 1;
      if (firstMixed >= 0 && !areFew) mapNodes(map, row, 0, cells, nodesX, nodesY);
      for (let i = firstMixed; i >= 0; i = sides.indexOf(MIXED, i + 1)) {
        const from = i * CELL;
        const length = Math.min(CELL, width - from);
        // the nodes around the segment, for curvature
        if (areFew) mapNodes(map, row, Math.max(0, i - 1), Math.min(cells, i + 2), nodesX, nodesY);
        const offX = curvature(nodesX, i) + MARGIN;
        const offY = curvature(nodesY, i) + MARGIN;
        const side = sideOfSegment(nodesX, nodesY, i, offX, offY, source);
        if (side === OUTSIDE) continue;
        if (side === INSIDE) {
          count += length;
          first = Math.min(first, from);
          last = Math.max(last, from + length - 1);
          continue;
        }
        map(row, from, 1, length, x, y);
        for (let k = 0; k < length; k++) {
          if (!isInside(x[k]!, y[k]!, source)) continue;
          count++;
          if (from + k < first) first = from + k;
          if (from + k > last) last = from + k;
        }
      }
      counts[row - y0] = count;
      firsts[row - y0] = count > 0 && last - first + 1 === count ? first : -1;
    }
    [below, above] = [above, below];
  }
  return { counts, firsts };
}

/**
 * If at most this many cells of a row may be mixed, only their nodes are mapped: typically those at
 * both ends of a slightly rotated picture.
 */
const FEW_MIXED = 4;

function countOf(sides: Int8Array, side: number): number {
  let count = 0;
  for (let i = 0; i < sides.length; i++) if (sides[i] === side) count++;
  return count;
}

/** Maps nodes first .. last of a row of the picture into x and y. */
function mapNodes(
  map: RowMap,
  row: number,
  first: number,
  last: number,
  x: Float64Array,
  y: Float64Array,
): void {
  const count = last - first + 1;
  map(row, first * CELL, CELL, count, x.subarray(first, last + 1), y.subarray(first, last + 1));
}

/**
 * Class of the pixels between two nodes of a row, whose positions are off the line between these by
 * at most `offX` and `offY`.
 */
export function sideOfSegment(
  x: Float64Array,
  y: Float64Array,
  segment: number,
  offX: number,
  offY: number,
  { width, height }: ImageSize,
): number {
  const left = Math.min(x[segment]!, x[segment + 1]!) - offX + 0.5;
  const right = Math.max(x[segment]!, x[segment + 1]!) + offX + 0.5;
  const low = Math.min(y[segment]!, y[segment + 1]!) - offY + 0.5;
  const high = Math.max(y[segment]!, y[segment + 1]!) + offY + 0.5;
  if (left >= 0 && right < width && low >= 0 && high < height) return INSIDE;
  return right < 0 || left >= width || high < 0 || low >= height ? OUTSIDE : MIXED;
}

/** A function that classifies the corners of all cells in a row of a picture of that width. */
function cornerClassifier(
  map: RowMap,
  source: ImageSize,
  width: number,
): (row: number, corners: Int8Array) => void {
  const cells = Math.ceil(width / CELL);
  const x = new Float64Array(cells);
  const y = new Float64Array(cells);
  return (row, corners) => {
    map(row, 0, CELL, cells, x, y);
    let bend = 0;
    for (let i = 0; i < cells; i++) {
      if (i > 0 && i + 1 < cells)
        bend = Math.abs(x[i - 1]! - 2 * x[i]! + x[i + 1]!) + Math.abs(y[i - 1]! - 2 * y[i]! + y[i + 1]!);
      corners[i] = sureSide(x[i]!, y[i]!, source, CORNER_MARGIN + bend);
    }
    map(row, width - 1, 1, 1, x, y);
    corners[cells] = sureSide(x[0]!, y[0]!, source, CORNER_MARGIN + bend);
  };
}

function sideOfCell(a: number, b: number, c: number, d: number): number {
  if (a !== b || a !== c || a !== d || a === 0) return MIXED;
  return a === INSIDE ? INSIDE : OUTSIDE;
}

/** Whether a position belongs to a pixel of the image. */
export function isInside(x: number, y: number, { width, height }: ImageSize): boolean {
  return x >= -0.5 && x < width - 0.5 && y >= -0.5 && y < height - 0.5;
}

/**
 * INSIDE: certainly covered; 2, 3, 4, 5: certainly to the left, to the right, below, above; 0:
 * within `margin` pixels of an edge, or without a position.
 */
function sureSide(x: number, y: number, { width, height }: ImageSize, margin: number): number {
  const [low, right, top] = [-0.5, width - 0.5, height - 0.5];
  if (x > low + margin && x < right - margin && y > low + margin && y < top - margin) return INSIDE;
  if (x < low - margin) return 2;
  if (x > right + margin) return 3;
  if (y < low - margin) return 4;
  return y > top + margin ? 5 : 0;
}
