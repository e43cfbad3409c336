import type { Levels } from "../interval/zscale.ts";
import type { PictureOptions } from "../render/picture-options.ts";
import type { PixelArray } from "../render/pixel-array.ts";
import { STRETCH_FUNCTIONS, type Stretch } from "./functions/registry.ts";
import { linearLevels } from "./levels.ts";

/** The options that determine the level of a value between the lowest and the highest. */
export type StretchOptions = Pick<PictureOptions, "stretch" | "stretchParameter" | "invert">;

/** Whether the levels are those of linearLevels. */
export function isLinear({ stretch = "linear", invert = false }: StretchOptions): boolean {
  return stretch === "linear" && !invert;
}

/**
 * Converts physical values to 0..255: clipped to the levels, stretched as in astropy.visualization,
 * times 255, truncated. NaN becomes 0, and stays 0 in an inverted picture, so that missing data are
 * black in every grey picture.
 * @returns the number of values that are not finite
 */
export function stretchedLevels(
  values: PixelArray,
  levels: Levels,
  options: StretchOptions,
  out: Uint8Array,
): number {
  if (isLinear(options)) return linearLevels(values, levels, out);
  const { stretch = "linear", invert = false } = options;
  const curve = stretchFunction(stretch, options.stretchParameter);
  const span = levels.vmax - levels.vmin === 0 ? 1 : levels.vmax - levels.vmin;
  let missing = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) missing++;
    const t = (value - levels.vmin) / span;
    if (Number.isNaN(t)) {
      out[i] = 0;
      continue;
    }
    const level = Math.trunc(Math.min(1, curve(Math.min(1, Math.max(0, t)))) * 255);
    out[i] = invert ? 255 - level : level;
  }
  return missing;
}

function stretchFunction(name: Stretch, parameter: number | undefined): (x: number) => number {
  const { curve, parameter: usual = 1 } = STRETCH_FUNCTIONS.find((one) => one.name === name)!;
  return curve(parameter ?? usual);
}
