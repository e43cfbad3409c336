import type { Levels } from "../interval/zscale.ts";
import { linearLevelsByKernel } from "../kernel/picture-kernel.ts";
import type { PictureOptions } from "../render/picture-options.ts";
import type { PixelArray } from "../render/pixel-array.ts";
import { STRETCH_FUNCTIONS, type Stretch } from "./functions/registry.ts";

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

/** Number of values from which the kernel is faster. */
const FOR_KERNEL = 64;

/**
 * Converts physical values linearly to 0..255, truncated: numpy's (values - vmin) / (vmax - vmin),
 * clipped to 0..1, times 255, as uint8, in float64 and in that order, so that every pixel equals
 * astropy's ZScaleInterval. NaN becomes 0. With equal levels there is no division, as in astropy.
 * Uses a WebAssembly kernel where available.
 * @returns the number of values that are neither finite nor integers
 */
export function linearLevels(values: PixelArray, levels: Levels, out: Uint8Array): number {
  if (values.length >= FOR_KERNEL) {
    const missing = linearLevelsByKernel(values, levels, out);
    if (missing !== undefined) return missing;
  }
  return linearLevelsPlain(values, levels, out);
}

/** {@link linearLevels} in plain TypeScript: the twin of the kernel. */
export function linearLevelsPlain(values: PixelArray, { vmin, vmax }: Levels, out: Uint8Array): number {
  const span = vmax - vmin === 0 ? 1 : vmax - vmin;
  let missing = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const t = (value - vmin) / span;
    // comparisons are false for NaN, which therefore becomes 0
    out[i] = t >= 1 ? 255 : t > 0 ? t * 255 : 0;
    if (value - value !== 0) missing++;
  }
  return missing;
}
