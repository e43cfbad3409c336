/** How three channels become a color picture, after Lupton et al. 2004 (PASP 116, 133). */
export interface LuptonOptions {
  /** Channel values that map to black. */
  readonly minimum: readonly [number, number, number];
  /** Linear stretch: the intensity, above the minima, at which the curve is no longer linear. */
  readonly stretch: number;
  /** Softening of the asinh; 0 counts as 0.1, as in astropy. */
  readonly q: number;
}

/** Part of the stretch at which the slope of the curve is fixed. */
const FRACTION = 0.1;

/** Smallest Q that is used unchanged, and the value that replaces smaller ones. */
const LEAST_Q = 2 ** -23;
const SMALL_Q = 0.1;
const MAX_Q = 1e10;

/**
 * Colors of three images, as `make_lupton_rgb` of astropy 8 computes them in float64: the mean of
 * the channels above their minima is stretched by asinh, and each channel scaled with it, so that
 * colors do not depend on brightness; pixels above white keep their color. A pixel without a
 * value in any of the images is black.
 *
 * @param images values of red, green and blue, in the same order and number
 * @returns red, green and blue interleaved, one byte each, in the order of the values
 */
export function luptonColors(
  [red, green, blue]: readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>],
  { minimum, stretch, q }: LuptonOptions,
): Uint8Array {
  const usedQ = Math.abs(q) < LEAST_Q ? SMALL_Q : Math.min(q, MAX_Q);
  const slope = FRACTION / Math.asinh(FRACTION * usedQ);
  const soften = usedQ / stretch;
  const out = new Uint8Array(3 * red.length);
  for (let i = 0; i < red.length; i++) {
    const r = red[i]! - minimum[0];
    const g = green[i]! - minimum[1];
    const b = blue[i]! - minimum[2];
    const intensity = (r + g + b) / 3;
    if (!(intensity > 0 && intensity < Number.POSITIVE_INFINITY)) continue;
    const factor = (Math.asinh(intensity * soften) * slope) / intensity;
    const most = Math.max(r * factor, g * factor, b * factor);
    const scale = (value: number) => {
      const level = Math.max(0, value * factor);
      return (most > 1 ? level / most : level) * 255;
    };
    out[3 * i] = scale(r);
    out[3 * i + 1] = scale(g);
    out[3 * i + 2] = scale(b);
  }
  return out;
}
