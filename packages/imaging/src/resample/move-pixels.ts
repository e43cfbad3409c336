import type { RowMap } from "../frame/pixel-map.ts";
import { type ImageSize, isInside, MIXED, OUTSIDE, sideOfRun } from "./inside.ts";
import { RunCopier } from "./run-copier.ts";
import { curvature, MARGIN, RUN, steadyPixel } from "./runs.ts";
import { SteadyCells } from "./steady-cells.ts";

/** Runs that are bent by less than this, in pixels of both axes together, are taken to be straight where that makes no difference. */
const STRAIGHT = 0.125;
/** Pixels that are mapped together where one is near an edge. */
const NEAR = 4;

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
      out[from + i] = isInside(sx, sy, size) ? bytes[((sy + 0.5) | 0) * size.width + ((sx + 0.5) | 0)]! : 0;
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
      const side = offX + offY < STRAIGHT ? sideOfRun(x, y, run, offX, offY, size) : MIXED;
      if (side === OUTSIDE) out.fill(0, from, from + count);
      else if (side === MIXED) mapEach(row, from, count, out);
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
