import type { Levels } from "../interval/zscale.ts";
import type { AnyPixels, PixelArray } from "../render/pixel-array.ts";

/** A whole image that is read in pieces, so that it is never in memory as a whole. Rows and columns count from 0 at the lower left pixel. */
export interface FrameSource {
  readonly width: number;
  readonly height: number;
  /** Whether every pixel has a value: integers without BLANK. */
  readonly complete: boolean;
  /** Rows that are best read at once: a multiple of tileRows. */
  readonly bandRows: number;
  /** Rows of a tile: to read a part of one costs as much as to read it whole. */
  readonly tileRows: number;
  /** Stored values of rows start .. start+count-1. */
  rows(start: number, count: number): Promise<AnyPixels>;
  /**
   * Grey levels of rows as by linearLevels, where there is a quicker way to these than by values; false when there is none, or not for these rows, as where a value
   * is missing: what is in `out` is then of no use.
   */
  levels?(start: number, count: number, levels: Levels, out: Uint8Array): Promise<boolean>;
  /** Physical values of stored ones, NaN where there is none. */
  physical(stored: AnyPixels): PixelArray;
  /** Physical values of single pixels, each given by row * width + column; for some thousand of them. */
  valuesAt(places: Float64Array): Promise<Float64Array>;
}
