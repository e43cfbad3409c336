import type { Levels } from "../interval/zscale.ts";
import { linearLevelsByKernel } from "../kernel/picture-kernel.ts";
import type { PixelArray } from "../render/pixel-array.ts";

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
