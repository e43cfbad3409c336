import type { ImageSize } from "./inside.ts";
import type { RowMap } from "./pixel-map.ts";

/** Pixels between the places that are looked at first: the nodes of gridMap, which cost nothing. */
const RUN = 32;
/** Runs that are first tried together. */
const WIDE = 8;
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
 * Within 32 pixels most maps of the sky only shift, turn by a quarter or mirror whole pixels: where the places of the ends and their curvature show that
 * all pixels between do so, they are copied as a run, neighbouring runs together. Others are taken along the straight line between their ends, and only pixels near an edge of one of the source's are mapped one by one.
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
  const wholeRuns = Math.floor(width / RUN);
  const x = new Float64Array(runs + 1);
  const y = new Float64Array(runs + 1);
  const sourceX = new Float64Array(RUN);
  const sourceY = new Float64Array(RUN);
  const copies = new RunCopier(bytes, size);
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
      if (
        run % WIDE === 0 &&
        run + WIDE <= wholeRuns &&
        copies.add(x, y, run, WIDE, bend(x, run), bend(y, run), WIDE * RUN, out)
      ) {
        run += WIDE - 1;
        continue;
      }
      const from = run * RUN;
      const count = Math.min(RUN, width - from);
      const offX = curvature(x, run) + MARGIN;
      const offY = curvature(y, run) + MARGIN;
      if (copies.add(x, y, run, 1, offX, offY, count, out)) continue;
      const side = offX + offY < STRAIGHT ? sideOf(x, y, run, size) : EDGE;
      if (side === OUTSIDE) out.fill(0, from, from + count);
      else if (side === EDGE) mapEach(row, from, count, out);
      else {
        for (let i = 0; i < count; ) {
          i = moveStraight(bytes, size.width, x, y, run, offX, offY, i, count, out);
          if (i === count) break;
          const near = Math.min(NEAR, count - i);
          mapEach(row, from + i, near, out);
          i += near;
        }
      }
    }
    copies.flush(out);
  };
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

/** Pixels of a run from `first` on by the straight line between its ends. Gives the first that is so near an edge of a pixel of the source that it could be on the wrong side. */
function moveStraight(
  bytes: Uint8Array,
  columns: number,
  x: Float64Array,
  y: Float64Array,
  run: number,
  offX: number,
  offY: number,
  first: number,
  count: number,
  out: Uint8Array,
): number {
  const from = run * RUN;
  const stepX = (x[run + 1]! - x[run]!) / RUN;
  const stepY = (y[run + 1]! - y[run]!) / RUN;
  const startX = x[run]! + 0.5;
  const startY = y[run]! + 0.5;
  const highX = 1 - offX;
  const highY = 1 - offY;
  for (let i = first; i < count; i++) {
    const sx = startX + i * stepX;
    const sy = startY + i * stepY;
    const column = sx | 0;
    const line = sy | 0;
    const fx = sx - column;
    const fy = sy - line;
    if (!(fx > offX && fx < highX && fy > offY && fy < highY)) return i;
    out[from + i] = bytes[line * columns + column]!;
  }
  return count;
}

/** Copies runs of pixels that lie one beside the other in a row or a column of the source, those that continue one another in one go. */
class RunCopier {
  readonly #bytes: Uint8Array;
  readonly #size: ImageSize;
  /** The run that waits: where it begins in the picture's row and in the source, the step in the source, and its length. */
  #from = 0;
  #at = 0;
  #step = 0;
  #length = 0;

  constructor(bytes: Uint8Array, size: ImageSize) {
    this.#bytes = bytes;
    this.#size = size;
  }

  /**
   * Takes `count` pixels of `span` runs whose places are off the straight line between their ends by at most `offX` and `offY`; false when it is not sure
   * that they lie one beside the other.
   */
  add(
    x: Float64Array,
    y: Float64Array,
    run: number,
    span: number,
    offX: number,
    offY: number,
    count: number,
    out: Uint8Array,
  ): boolean {
    const { width, height } = this.#size;
    const from = run * RUN;
    const length = span * RUN;
    const dx = Math.round((x[run + span]! - x[run]!) / length);
    const dy = Math.round((y[run + span]! - y[run]!) / length);
    if (Math.abs(dx) + Math.abs(dy) !== 1) return false;
    const column = steadyPixel(x[run]!, x[run + span]! - dx * length, offX);
    const row = steadyPixel(y[run]!, y[run + span]! - dy * length, offY);
    if (Number.isNaN(column + row)) return false;
    const lastColumn = column + dx * (count - 1);
    const lastRow = row + dy * (count - 1);
    if (Math.min(column, lastColumn) < 0 || Math.max(column, lastColumn) >= width) return false;
    if (Math.min(row, lastRow) < 0 || Math.max(row, lastRow) >= height) return false;
    const at = row * width + column;
    const step = dx + dy * width;
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
    return true;
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

/** How far places within WIDE runs may be off the straight line between their ends: the second difference of ends and middle, with a margin for its change. */
function bend(nodes: Float64Array, run: number): number {
  return Math.abs(nodes[run]! - 2 * nodes[run + WIDE / 2]! + nodes[run + WIDE]!) + MARGIN;
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
