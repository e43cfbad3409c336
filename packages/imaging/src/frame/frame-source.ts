import type { Levels } from "../interval/zscale.ts";
import type { AnyPixels, PixelArray } from "../render/pixel-array.ts";

/**
 * A whole image read in pieces, so that it never has to be in memory as a whole. Rows and columns
 * count from 0 at the lower left pixel.
 */
export interface FrameSource {
  readonly width: number;
  readonly height: number;
  /** Whether every pixel has a value: integers without BLANK. */
  readonly complete: boolean;
  /** Recommended number of rows to read at once: a multiple of tileRows. */
  readonly bandRows: number;
  /** Rows of a tile: reading a part of one costs as much as reading all of it. */
  readonly tileRows: number;
  /** Stored values of rows start .. start+count-1. */
  rows(start: number, count: number): Promise<AnyPixels>;
  /**
   * Grey levels of rows as from linearLevels, where they can be obtained faster than from values.
   * False when they cannot, or not for these rows, as when a value is missing: the content of `out`
   * is then undefined.
   */
  levels?(start: number, count: number, levels: Levels, out: Uint8Array): Promise<boolean>;
  /** Converts stored to physical values, NaN for a missing one. */
  physical(stored: AnyPixels): PixelArray;
  /**
   * Physical values of single pixels, each given by row * width + column; for a few thousand of
   * them.
   */
  valuesAt(places: Float64Array): Promise<Float64Array>;
}
