import { type RowMap, type RowRange, sourceRows } from "../frame/pixel-map.ts";
import type { ImageSize } from "../resample/inside.ts";

/** Rows that are drawn together. */
const TOGETHER = 256;

/**
 * Draws the rows of a picture, the top row first, each as soon as the rows of the source that it shows are there. These come in pieces, each next to those before.
 * Picture and source are of the same size.
 */
export class PictureRows {
  readonly #map: RowMap;
  readonly #size: ImageSize;
  readonly #draw: (row: number) => void;
  #low = 0;
  #high = 0;
  #drawn = 0;
  #needed: RowRange | undefined;

  /** @param draw draws a row, that of the FITS counted from the top */
  constructor(map: RowMap, size: ImageSize, draw: (top: number) => void) {
    this.#map = map;
    this.#size = size;
    this.#draw = draw;
  }

  /** Whether the first rows of the picture show the last ones of the source, so that these had better come first. */
  get isDownwards(): boolean {
    const { width, height } = this.#size;
    const { start, count } = sourceRows(this.#map, width, height, Math.max(0, height - TOGETHER), height);
    return start + count / 2 > height / 2;
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
    while (this.#drawn < height && this.#isNextThere()) {
      checkpoint();
      const end = Math.min(height, this.#drawn + TOGETHER);
      while (this.#drawn < end) this.#draw(this.#drawn++);
      this.#needed = undefined;
    }
  }

  /** Whether what the next rows that are drawn together show is there. */
  #isNextThere(): boolean {
    const { width, height } = this.#size;
    if (this.#low === 0 && this.#high === height) return true;
    const top = height - this.#drawn;
    this.#needed ??= sourceRows(this.#map, width, height, Math.max(0, top - TOGETHER), top);
    const { start, count } = this.#needed;
    return count === 0 || (start >= this.#low && start + count <= this.#high);
  }
}
