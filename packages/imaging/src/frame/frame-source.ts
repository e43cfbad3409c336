import type { RowSink } from "@sbnsis/fits/internal";
import { type AnyPixels, isFloatArray, numericPixels, type PixelArray } from "../render/pixel-array.ts";

/** Rows of quantized floats, read as integers. */
interface QuantizedRows {
  /** Whether the floats are float32, otherwise float64. */
  readonly isSingle: boolean;
  /**
   * Passes rows start .. start+count-1 to a sink in order. False when the file stores them
   * differently, or the sink refuses one of them.
   */
  read(start: number, count: number, sink: RowSink): Promise<boolean>;
}

/**
 * A whole image read in pieces, so that it never has to be in memory as a whole. Rows and columns
 * count from 0 at the lower left pixel.
 */
export interface FrameSource {
  readonly width: number;
  readonly height: number;
  /** Whether every pixel has a value: integers without BLANK. */
  readonly complete: boolean;
  /** Recommended number of rows per read: a multiple of tileRows. */
  readonly bandRows: number;
  /** Rows per tile: reading part of a tile costs as much as reading all of it. */
  readonly tileRows: number;
  /** All physical values, row 0 first, when the image is in memory. */
  readonly values?: PixelArray;
  /** Stored values of rows start .. start+count-1. */
  rows(start: number, count: number): Promise<AnyPixels>;
  /** The quantized integers of the file, if its rows are stored as such. */
  readonly quantized?: QuantizedRows;
  /** Converts stored to physical values, NaN for a missing one. */
  physical(stored: AnyPixels): PixelArray;
  /**
   * Physical values of single pixels, each given by row * width + column; for a few thousand of
   * them.
   */
  valuesAt(places: Float64Array): Promise<Float64Array>;
}

/**
 * An image in memory as one band.
 * @param pixels physical values, row 0 of the FITS first
 */
export function memorySource(
  pixels: AnyPixels,
  [width, height]: readonly [number, number],
): FrameSource & { readonly values: PixelArray } {
  const values = numericPixels(pixels);
  return {
    width,
    height,
    values,
    complete: !isFloatArray(values),
    bandRows: height,
    tileRows: 1,
    rows: async (start, count) => values.subarray(start * width, (start + count) * width),
    physical: (stored) => stored as PixelArray,
    valuesAt: async (places) => places.map((place) => values[place]!),
  };
}
