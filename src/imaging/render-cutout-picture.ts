import type { Wcs } from "../wcs/wcs.ts";
import { marksOnPicture, pictureGeometry } from "./picture-geometry.ts";
import type { PictureOptions } from "./picture-options.ts";
import { numericPixels, type PixelArray } from "./pixel-array.ts";
import { type Picture, renderPicture } from "./render-picture.ts";

/** A cutout, or any image that fits into memory, and how its picture shall be. */
export interface CutoutPictureInput {
  /** Physical values, row 0 of the FITS first. */
  readonly data: PixelArray | BigInt64Array;
  /** Width and height, pixels. */
  readonly shape: readonly [number, number];
  /** Coordinate system of these very pixels: of a cutout, that of its own header. */
  readonly wcs: Wcs;
  /** North up, east to the left. */
  readonly align: boolean;
  /** Positions of marks are ICRS. Without options: zscale, linear, grey, nearest neighbour. */
  readonly options?: PictureOptions;
}

/**
 * The picture of a cutout: resampled onto a TAN frame, with levels by zscale, FITS row 0 at the bottom.
 * Errors: PICTURE_FAILED when the middle of the image is not on the sky.
 */
export function renderCutoutPicture({ data, shape, wcs, align, options = {} }: CutoutPictureInput): Picture {
  const geometry = pictureGeometry(wcs, shape, align);
  return renderPicture({
    data: numericPixels(data),
    shape,
    frame: geometry.frame,
    map: geometry.map,
    options: { ...options, marks: marksOnPicture(options.marks ?? [], geometry) },
  });
}
