import { type AnyPixels, isFloatArray, numericPixels, type PixelArray } from "../render/pixel-array.ts";
import type { FrameSource } from "./frame-source.ts";

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
