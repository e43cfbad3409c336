import type { ImageSize } from "./inside.ts";
import type { RowMap } from "./pixel-map.ts";

/** Pixels between the places that are looked at first: the nodes of gridMap, which cost nothing. */
const RUN = 32;

/** How far a place may be from where it is computed, besides its curvature. */
const MARGIN = 1e-6;

/**
 * Resamples an image of bytes by the nearest neighbour, as resampleRows does; outside the image there is 0.
 * Within 32 pixels most maps of the sky only shift, turn by a quarter or mirror whole pixels: where the places of the ends and their curvature show that
 * all pixels between do so, they are copied as a run; all others are mapped one by one.
 *
 * @param bytes pixels of the source, row 0 first
 * @param size of the source
 * @param width width of the picture
 * @returns fills `out` with row y of the picture
 */
export function pixelMover(
  map: RowMap,
  bytes: Uint8Array,
  size: ImageSize,
  width: number,
): (y: number, out: Uint8Array) => void {
  const runs = Math.ceil(width / RUN);
  const x = new Float64Array(runs + 1);
  const y = new Float64Array(runs + 1);
  const sourceX = new Float64Array(RUN);
  const sourceY = new Float64Array(RUN);
  return (row, out) => {
    map(row, 0, RUN, runs + 1, x, y);
    for (let run = 0; run < runs; run++) {
      const from = run * RUN;
      const count = Math.min(RUN, width - from);
      if (moveRun(bytes, size, x, y, run, out, from, count)) continue;
      map(row, from, 1, count, sourceX, sourceY);
      for (let i = 0; i < count; i++) {
        const sx = sourceX[i]!;
        const sy = sourceY[i]!;
        out[from + i] =
          sx >= -0.5 && sx < size.width - 0.5 && sy >= -0.5 && sy < size.height - 0.5
            ? bytes[((sy + 0.5) | 0) * size.width + ((sx + 0.5) | 0)]!
            : 0;
      }
    }
  };
}

/** Copies a run whose pixels lie one beside the other in a row or a column of the source; false when that is not sure. */
function moveRun(
  bytes: Uint8Array,
  { width, height }: ImageSize,
  x: Float64Array,
  y: Float64Array,
  run: number,
  out: Uint8Array,
  from: number,
  count: number,
): boolean {
  const x0 = x[run]!;
  const x1 = x[run + 1]!;
  const y0 = y[run]!;
  const y1 = y[run + 1]!;
  const dx = Math.round((x1 - x0) / RUN);
  const dy = Math.round((y1 - y0) / RUN);
  if (Math.abs(dx) + Math.abs(dy) !== 1) return false;
  const column = steadyPixel(x0, x1 - dx * RUN, curvature(x, run));
  const row = steadyPixel(y0, y1 - dy * RUN, curvature(y, run));
  if (Number.isNaN(column + row)) return false;
  const lastColumn = column + dx * (count - 1);
  const lastRow = row + dy * (count - 1);
  if (Math.min(column, lastColumn) < 0 || Math.max(column, lastColumn) >= width) return false;
  if (Math.min(row, lastRow) < 0 || Math.max(row, lastRow) >= height) return false;
  let at = row * width + column;
  const step = dx + dy * width;
  for (let i = from; i < from + count; i++) {
    out[i] = bytes[at]!;
    at += step;
  }
  return true;
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
  return Math.max(Math.abs(bendBefore), Math.abs(bendAfter)) / 4 + MARGIN;
}
