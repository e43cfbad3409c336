import type { Wcs } from "../wcs/wcs.ts";
import type { PixelBox } from "./cutout-box.ts";
import { marksOnPicture, pictureGeometry } from "./picture-geometry.ts";
import type { PictureOptions } from "./picture-options.ts";
import { type AnyPixels, numericPixels } from "./pixel-array.ts";
import { type Picture, renderPicture } from "./render-picture.ts";

/** A cutout, or any image that fits into memory, and how its picture shall be. */
export interface CutoutPictureInput {
  /** Physical values, row 0 of the FITS first. */
  readonly data: AnyPixels;
  /** The part of the frame that the pixels are; start (0, 0) where they are all of it. */
  readonly box: PixelBox;
  /** Coordinate system of the frame. */
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
export function renderCutoutPicture({ data, box, wcs, align, options = {} }: CutoutPictureInput): Picture {
  const geometry = pictureGeometry(wcs, box, align);
  return renderPicture({
    data: numericPixels(data),
    shape: box.shape,
    frame: geometry.frame,
    map: geometry.map,
    options: { ...options, marks: marksOnPicture(options.marks ?? [], geometry) },
  });
}
