import type { PixelArray } from "./pixel-array.ts";
import type { Levels } from "./zscale.ts";

/**
 * Physical values to 0..255 by a straight line, truncated: numpy's (values - vmin) / (vmax - vmin), clipped to 0..1, times 255, as uint8,
 * in float64 and in that order, so that not one pixel differs from astropy's ZScaleInterval. NaN becomes 0. With equal levels the
 * division is left out, as there.
 */
export function linearLevels(values: PixelArray, { vmin, vmax }: Levels, out: Uint8Array): void {
  const span = vmax - vmin === 0 ? 1 : vmax - vmin;
  for (let i = 0; i < values.length; i++) {
    const t = (values[i]! - vmin) / span;
    // comparisons are false for NaN, which so ends at 0
    out[i] = t >= 1 ? 255 : t > 0 ? t * 255 : 0;
  }
}
