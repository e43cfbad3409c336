import type { ImageSize } from "./inside.ts";
import { type RowMap, type RowRange, sourceRows } from "./pixel-map.ts";

/** Rows that are drawn together. */
const TOGETHER = 256;

/**
 * Draws the rows of a picture, the top row first, each as soon as the rows of the source that it shows are there. These come in pieces, each next to those before.
 * Picture and source are of the same size.
 */
export class PictureRows {
  /** Whether the first rows of the picture show the last ones of the source, so that these had better come first. */
  readonly isDownwards: boolean;
  readonly #map: RowMap;
  readonly #size: ImageSize;
  readonly #draw: (row: number) => void;
  #low = 0;
  #high = 0;
  #drawn = 0;
  #needed: RowRange;

  /** @param draw draws a row, that of the FITS counted from the top */
  constructor(map: RowMap, size: ImageSize, draw: (top: number) => void) {
    this.#map = map;
    this.#size = size;
    this.#draw = draw;
    this.#needed = this.#next();
    const { start, count } = this.#needed;
    this.isDownwards = start + count / 2 > size.height / 2;
  }

  /** Rows of the picture that are drawn, from the top. */
  get drawn(): number {
    return this.#drawn;
  }

  /**
   * Rows start .. start+count-1 of the source are there as well. Draws what can be drawn now.
   *
   * @param checkpoint called between rows that are drawn together
   */
  add(start: number, count: number, checkpoint: () => void): void {
    this.#low = this.#high === 0 ? start : Math.min(this.#low, start);
    this.#high = Math.max(this.#high, start + count);
    const { height } = this.#size;
    while (this.#drawn < height && this.#isThere(this.#needed)) {
      checkpoint();
      const end = Math.min(height, this.#drawn + TOGETHER);
      while (this.#drawn < end) this.#draw(this.#drawn++);
      this.#needed = this.#next();
    }
  }

  #isThere({ start, count }: RowRange): boolean {
    return count === 0 || (start >= this.#low && start + count <= this.#high);
  }

  /** What the next rows that are drawn together show. */
  #next(): RowRange {
    const { width, height } = this.#size;
    const top = height - this.#drawn;
    return sourceRows(this.#map, width, height, Math.max(0, top - TOGETHER), top);
  }
}
