import type { ImageSize } from "./inside.ts";
import type { RowMap } from "./pixel-map.ts";

/** Means of square blocks of an image of bytes, made while its rows come from the lower left on. Blocks at the far edges are smaller. */
export class BlockMeans {
  readonly width: number;
  readonly height: number;
  /** Pixels along a side. */
  readonly side: number;
  readonly #from: ImageSize;
  readonly #means: Float32Array;
  readonly #sums: Uint32Array;
  #row = 0;

  constructor(from: ImageSize, side: number) {
    this.side = side;
    this.#from = from;
    this.width = Math.ceil(from.width / side);
    this.height = Math.ceil(from.height / side);
    this.#means = new Float32Array(this.width * this.height);
    this.#sums = new Uint32Array(this.width);
  }

  /** Whole rows, in order. */
  add(rows: Uint8Array): void {
    const { width, height } = this.#from;
    for (let start = 0; start < rows.length; start += width) {
      this.#addRow(rows, start);
      this.#row++;
      if (this.#row % this.side === 0 || this.#row === height) this.#flush();
    }
  }

  /** Mean of the block that holds a place of the image, pixels from 0; 0 outside. */
  at(x: number, y: number): number {
    const { width, height } = this.#from;
    if (!(x >= -0.5 && x < width - 0.5 && y >= -0.5 && y < height - 0.5)) return 0;
    const column = Math.floor((x + 0.5) / this.side);
    return this.#means[Math.floor((y + 0.5) / this.side) * this.width + column]!;
  }

  #addRow(rows: Uint8Array, start: number): void {
    const { width } = this.#from;
    const sums = this.#sums;
    for (let block = 0, x = start; block < sums.length; block++) {
      const end = Math.min(x + this.side, start + width);
      let sum = 0;
      for (; x < end; x++) sum += rows[x]!;
      sums[block]! += sum;
    }
  }

  #flush(): void {
    const block = Math.ceil(this.#row / this.side) - 1;
    const rows = this.#row - block * this.side;
    const means = this.#means.subarray(block * this.width, (block + 1) * this.width);
    for (let i = 0; i < means.length; i++) {
      const columns = Math.min(this.side, this.#from.width - i * this.side);
      means[i] = this.#sums[i]! / (rows * columns);
    }
    this.#sums.fill(0);
  }
}

/** Places along each side of a pixel of the thumbnail that are looked at. */
const PLACES = 4;

/** Side of the blocks from which a thumbnail is made that is `shrink` times smaller than its frame; undefined when it is not so much smaller. */
export function thumbnailBlocks(shrink: number): number | undefined {
  return shrink >= 2 * PLACES ? Math.floor(shrink / PLACES) : undefined;
}

/**
 * A small picture by area averaging: each pixel is the mean of 4 x 4 blocks, each about as large as the part of the pixel it stands for.
 *
 * @param shape of the picture before it is reduced
 * @param size of the thumbnail
 * @param out size[0] * size[1] levels, the top row first
 */
export function drawThumbnail(
  blocks: BlockMeans,
  map: RowMap,
  shape: readonly [number, number],
  size: readonly [number, number],
  out: Uint8Array,
): void {
  const count = size[0] * PLACES;
  const stepX = shape[0] / count;
  const stepY = shape[1] / (size[1] * PLACES);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const sums = new Float64Array(size[0]);
  for (let row = 0; row < size[1]; row++) {
    sums.fill(0);
    for (let k = 0; k < PLACES; k++) {
      const at = shape[1] - (row * PLACES + k + 0.5) * stepY - 0.5;
      map(at, stepX / 2 - 0.5, stepX, count, x, y);
      for (let i = 0; i < count; i++) sums[Math.floor(i / PLACES)]! += blocks.at(x[i]!, y[i]!);
    }
    for (let i = 0; i < size[0]; i++) out[row * size[0] + i] = Math.round(sums[i]! / PLACES ** 2);
  }
}
