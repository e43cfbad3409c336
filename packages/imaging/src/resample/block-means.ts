import type { RowMap } from "@sbnsis/wcs";
import { addToBlocks } from "../kernel/picture-kernel.ts";
import type { ImageSize } from "./coverage.ts";
import type { GreyRows } from "./scale.ts";

/**
 * Means of square blocks of an 8-bit image, row by row from the lower left. Blocks at the far edges
 * are smaller. Plain data.
 */
export interface BlockMeans {
  readonly means: Float32Array;
  /** Pixels along a side, at least 2. */
  readonly side: number;
}

/** Memory for the means of an image's blocks, in bytes. */
export function blockBytes({ width, height }: ImageSize, side: number): number {
  return 4 * Math.ceil(width / side) * Math.ceil(height / side);
}

/** Means of blocks, stored in memory of blockBytes at a multiple of 4 bytes. */
export function blockMeans(from: ImageSize, side: number, memory: Uint8Array): BlockMeans {
  const means = new Float32Array(memory.buffer, memory.byteOffset, blockBytes(from, side) / 4);
  return { means, side };
}

/**
 * Adds whole rows of the image, from row `start` on, to the means of blocks; the first rows of a
 * block initialize them and must come before its others.
 */
export function addMeans(
  { means, side }: BlockMeans,
  from: ImageSize,
  start: number,
  rows: Uint8Array,
): void {
  const { width, height } = from;
  const columns = Math.ceil(width / side);
  const last = columns - 1;
  const sums = new Float64Array(columns);
  const end = start + rows.length / width;
  for (let row = start; row < end; ) {
    const block = Math.floor(row / side);
    const first = block * side;
    const blockEnd = Math.min(height, first + side);
    const until = Math.min(end, blockEnd);
    addToBlocks(rows.subarray((row - start) * width, (until - start) * width), width, side, sums);
    const part = 1 / ((blockEnd - first) * side);
    sums[last]! *= side / (width - last * side);
    const line = means.subarray(block * columns, (block + 1) * columns);
    if (row === first) for (let i = 0; i < columns; i++) line[i] = sums[i]! * part;
    else for (let i = 0; i < columns; i++) line[i]! += sums[i]! * part;
    sums.fill(0);
    row = until;
  }
}

/** Positions on a straight line in the image, pixels: the first, and the distance to the next. */
interface Line {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** Looks up means of blocks by positions in the image. */
class MeansAt {
  readonly #from: ImageSize;
  readonly #means: Float32Array;
  readonly #width: number;
  readonly #perPixel: number;

  constructor({ means, side }: BlockMeans, from: ImageSize) {
    this.#from = from;
    this.#means = means;
    this.#width = Math.ceil(from.width / side);
    this.#perPixel = (1 - 1e-15) / side;
  }

  /**
   * Adds the means of blocks at positions on a straight line to sums, one sum for every PLACES of
   * them.
   * @param place index of the first position in its row, and `end` that after the last
   */
  addAlong(sums: Float64Array, place: number, end: number, { x, y, stepX, stepY }: Line): void {
    const steps = end - 1 - place;
    if (!(this.#isWellInside(x, y) && this.#isWellInside(x + steps * stepX, y + steps * stepY))) {
      for (let i = place; i < end; i++)
        sums[i >> PLACES_BITS]! += this.at(x + (i - place) * stepX, y + (i - place) * stepY);
      return;
    }
    const means = this.#means;
    const width = this.#width;
    const perPixel = this.#perPixel;
    let column = (x + 0.5) * perPixel;
    let row = (y + 0.5) * perPixel;
    const columnStep = stepX * perPixel;
    const rowStep = stepY * perPixel;
    for (let i = place; i < end; i++) {
      sums[i >> PLACES_BITS]! += means[(row | 0) * width + (column | 0)]!;
      column += columnStep;
      row += rowStep;
    }
  }

  /**
   * Whether a position is inside the image and away from its edges, so that rounding errors along a
   * line cannot leave it.
   */
  #isWellInside(x: number, y: number): boolean {
    const { width, height } = this.#from;
    return x > 0 && x < width - 1 && y > 0 && y < height - 1;
  }

  /** Mean of the block at a position in the image, pixels from 0; 0 outside. */
  at(x: number, y: number): number {
    const { width, height } = this.#from;
    if (!(x >= -0.5 && x < width - 0.5 && y >= -0.5 && y < height - 0.5)) return 0;
    // both are at least 0 here, so the cast is the floor
    const column = ((x + 0.5) * this.#perPixel) | 0;
    return this.#means[(((y + 0.5) * this.#perPixel) | 0) * this.#width + column]!;
  }
}

/** Samples along each side of a pixel of the thumbnail. */
const PLACES_BITS = 2;
const PLACES = 1 << PLACES_BITS;

/**
 * Pixels between mapped positions, nodes of gridMap; the others are interpolated linearly, with an
 * error of a small part of a block.
 */
const SEGMENT = 128;

/**
 * Side of the blocks for a thumbnail `shrink` times smaller than its frame; undefined when it is
 * not small enough.
 */
export function thumbnailBlocks(shrink: number): number | undefined {
  return shrink >= 2 * PLACES ? Math.floor(shrink / PLACES) : undefined;
}

/**
 * A small picture by area averaging: each pixel is the mean of 4 x 4 blocks, each about as large as
 * its share of the pixel.
 * @param from size of the image, and of the picture before it is reduced
 * @param size of the thumbnail
 * @param rows take its grey rows
 */
export function drawThumbnail(
  blocks: BlockMeans,
  from: ImageSize,
  map: RowMap,
  size: readonly [number, number],
  rows: GreyRows,
): void {
  const shape = [from.width, from.height] as const;
  const meansAt = new MeansAt(blocks, from);
  const count = size[0] * PLACES;
  const stepX = shape[0] / count;
  const stepY = shape[1] / (size[1] * PLACES);
  const nodes = Math.ceil(shape[0] / SEGMENT) + 1;
  const x = new Float64Array(nodes);
  const y = new Float64Array(nodes);
  const sums = new Float64Array(size[0]);
  for (let row = 0; row < size[1]; row++) {
    sums.fill(0);
    for (let k = 0; k < PLACES; k++) {
      map(shape[1] - (row * PLACES + k + 0.5) * stepY - 0.5, 0, SEGMENT, nodes, x, y);
      for (let i = 0; i < count; ) {
        // positions of one segment are on a straight line
        const place = (i + 0.5) * stepX - 0.5;
        const node = (place / SEGMENT) | 0;
        const [x0, y0] = [x[node]!, y[node]!];
        const [dx, dy] = [(x[node + 1]! - x0) / SEGMENT, (y[node + 1]! - y0) / SEGMENT];
        const end = Math.min(count, Math.ceil(((node + 1) * SEGMENT + 0.5) / stepX - 0.5));
        const until = Math.max(i + 1, end);
        const along = place - node * SEGMENT;
        const line = { x: x0 + along * dx, y: y0 + along * dy, stepX: stepX * dx, stepY: stepX * dy };
        meansAt.addAlong(sums, i, until, line);
        i = until;
      }
    }
    const line = rows.line();
    for (let i = 0; i < size[0]; i++) line[i] = Math.round(sums[i]! / PLACES ** 2);
    rows.done();
  }
}
