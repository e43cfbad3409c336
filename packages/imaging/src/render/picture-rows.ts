import type { RowMap } from "@sbnsis/wcs";
import { type RowRange, sourceRows } from "../frame/source-rows.ts";
import type { ImageSize } from "../resample/coverage.ts";

/** Rows drawn together. */
const TOGETHER = 256;

/**
 * Draws the rows of a picture from the top, each as soon as the source rows it shows are present.
 * Source rows arrive in pieces, each adjacent to the earlier ones.
 * Picture and source have the same size.
 */
export class PictureRows {
  readonly #map: RowMap;
  readonly #size: ImageSize;
  readonly #draw: (row: number) => void;
  #low = 0;
  #high = 0;
  #drawn = 0;
  #needed: RowRange | undefined;

  /** @param draw draws a row, given its FITS row counted from the top */
  constructor(map: RowMap, size: ImageSize, draw: (top: number) => void) {
    this.#map = map;
    this.#size = size;
    this.#draw = draw;
  }

  /**
   * Whether the first rows of the picture show the last rows of the source, which should then be
   * read first.
   */
  get isDownwards(): boolean {
    const { width, height } = this.#size;
    const { start, count } = sourceRows(this.#map, width, height, Math.max(0, height - TOGETHER), height);
    return start + count / 2 > height / 2;
  }

  /** Number of rows drawn so far, from the top. */
  get drawn(): number {
    return this.#drawn;
  }

  /**
   * Reports that rows start .. start+count-1 of the source are present too, and draws the rows that
   * can now be drawn.
   * @param checkpoint called between groups of rows drawn together
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

  /** Whether the source rows for the next group are present. */
  #isNextThere(): boolean {
    const { width, height } = this.#size;
    if (this.#low === 0 && this.#high === height) return true;
    const top = height - this.#drawn;
    this.#needed ??= sourceRows(this.#map, width, height, Math.max(0, top - TOGETHER), top);
    const { start, count } = this.#needed;
    return count === 0 || (start >= this.#low && start + count <= this.#high);
  }
}
