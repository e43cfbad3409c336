import type { Levels } from "../interval/zscale.ts";
import { linearLevelsByKernel } from "../kernel/picture-kernel.ts";
import type { PixelArray } from "../render/pixel-array.ts";

/** From so many values on the kernel is quicker. */
const FOR_KERNEL = 64;

/**
 * Physical values to 0..255 by a straight line, truncated: numpy's (values - vmin) / (vmax - vmin), clipped to 0..1, times 255, as uint8,
 * as in float64 and in that order, so that not one pixel differs from astropy's ZScaleInterval. NaN becomes 0. With equal levels the
 * division is left out, as there. By a WebAssembly kernel where there is one.
 *
 * @returns how many values are neither finite nor integers
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
    // comparisons are false for NaN, which so ends at 0
    out[i] = t >= 1 ? 255 : t > 0 ? t * 255 : 0;
    if (value - value !== 0) missing++;
  }
  return missing;
}
