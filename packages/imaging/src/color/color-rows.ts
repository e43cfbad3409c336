import type { GreyRows } from "../resample/scale.ts";
import { type ColormapName, colorize, colormapTable } from "./colormap.ts";

/**
 * Takes the grey rows of a picture and stores them, in the colors of a map or as they are.
 * @param pixels all rows, one byte per pixel in grey, otherwise three
 */
export function colorRows(pixels: Uint8Array, width: number, colormap: ColormapName = "gray"): GreyRows {
  let at = 0;
  if (colormap === "gray") {
    return {
      line: () => pixels.subarray(at, at + width),
      done: () => {
        at += width;
      },
    };
  }
  const table = colormapTable(colormap);
  const gray = new Uint8Array(width);
  return {
    line: () => gray,
    done: () => {
      colorize(gray, table, pixels.subarray(at, at + 3 * width));
      at += 3 * width;
    },
  };
}
