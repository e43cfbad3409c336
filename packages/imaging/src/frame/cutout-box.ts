/** A position in an image, in pixels from 0: an integer is the center of a pixel. */
export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

/**
 * A box of whole pixels, counted from 0: first pixel and number of pixels along each axis, x first.
 */
export interface PixelBox {
  readonly start: readonly [number, number];
  readonly shape: readonly [number, number];
}

/** The extent of a cutout before and after it is trimmed to the image. */
export interface CutoutBox {
  /** Requested number of pixels along x and y. */
  readonly requested: readonly [number, number];
  /** The part within the image; undefined if there is none. */
  readonly box: PixelBox | undefined;
}

/**
 * The box of a square cutout on the sky, placed like the existing service and astropy's Cutout2D
 * do: n = round-half-even(size / scale) pixels along each axis (at least one), the first at ceil(p
 * - n/2), trimmed to the image.
 * @param center position of the cutout's center, pixels from 0
 * @param size side of the cutout, degrees
 * @param scales size of a pixel along x and y, degrees
 * @param naxis width and height of the image, pixels
 */
export function cutoutBox(
  centre: PixelPoint,
  size: number,
  scales: readonly [number, number],
  naxis: readonly [number, number],
): CutoutBox {
  return boxAround(centre, [sidePixels(size, scales[0]), sidePixels(size, scales[1])], naxis);
}

/** As `cutoutBox`, with the given number of pixels along x and y. */
export function boxAround(
  centre: PixelPoint,
  requested: readonly [number, number],
  naxis: readonly [number, number],
): CutoutBox {
  const x = trimmedRun(centre.x, requested[0], naxis[0]);
  const y = trimmedRun(centre.y, requested[1], naxis[1]);
  const box: PixelBox | undefined =
    x === undefined || y === undefined
      ? undefined
      : { start: [x.start, y.start], shape: [x.length, y.length] };
  return { requested, box };
}

/** IEEE 754 round-half-to-even of a non-negative number, as numpy's and Python's `round`. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Number of pixels in an angle, at least one. Both in degrees. */
export function sidePixels(size: number, scale: number): number {
  return Math.max(1, roundHalfEven(size / scale));
}

function trimmedRun(
  centre: number,
  count: number,
  length: number,
): { readonly start: number; readonly length: number } | undefined {
  const first = Math.ceil(centre - count / 2);
  const start = Math.max(0, first);
  const end = Math.min(length, first + count);
  return end > start ? { start, length: end - start } : undefined;
}
