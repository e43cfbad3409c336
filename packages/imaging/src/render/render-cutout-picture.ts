import type { Wcs } from "@sbnsis/wcs";
import type { PixelBox } from "../frame/cutout-box.ts";
import type { FrameSource } from "../frame/frame-source.ts";
import { marksOnPicture, pictureGeometry } from "../frame/picture-geometry.ts";
import { hasLevelsOfPicture } from "../stretch/frame-levels.ts";
import type { PictureOptions } from "./picture-options.ts";
import { type AnyPixels, isFloatArray, numericPixels, type PixelArray } from "./pixel-array.ts";
import { renderFramePicture } from "./render-frame-picture.ts";
import { type Picture, renderPicture } from "./render-picture.ts";

/** A cutout, or any image that fits into memory, and the options of its picture. */
export interface CutoutPictureInput {
  /** Physical values, row 0 of the FITS first. */
  readonly data: AnyPixels;
  /** The part of the frame covered by the pixels; starts at (0, 0) for a whole frame. */
  readonly box: PixelBox;
  /** Coordinate system of the frame. */
  readonly wcs: Wcs;
  /** North up, east to the left. */
  readonly align: boolean;
  /** Positions of marks are ICRS. Defaults to zscale, linear, grey, nearest neighbour. */
  readonly options?: PictureOptions;
  /** Called from time to time; an exception ends the work. */
  readonly checkpoint?: () => void;
}

/**
 * The picture of a cutout: resampled onto a TAN frame, with levels by zscale, FITS row 0 at the
 * bottom. With the nearest neighbour it is made like that of a whole frame, which is faster and
 * gives the same result.
 * Errors: PICTURE_FAILED when the middle of the image is not on the sky.
 */
export async function renderCutoutPicture(input: CutoutPictureInput): Promise<Picture> {
  const { box, wcs, align, options = {}, checkpoint = () => undefined } = input;
  const geometry = pictureGeometry(wcs, box, align, checkpoint);
  const { frame, map } = geometry;
  const data = numericPixels(input.data);
  const placed = { ...options, marks: marksOnPicture(options.marks ?? [], geometry) };
  if (
    (options.interpolation ?? "nearest") === "nearest" &&
    hasLevelsOfPicture(options) &&
    options.width === undefined
  ) {
    const source = bufferedSource(data, box.shape);
    return await renderFramePicture({ source, frame, map, options: placed, checkpoint });
  }
  return renderPicture({ data, shape: box.shape, frame, map, options: placed });
}

/** An image in memory as one band. */
function bufferedSource(data: PixelArray, [width, height]: readonly [number, number]): FrameSource {
  return {
    width,
    height,
    complete: !isFloatArray(data),
    bandRows: height,
    tileRows: 1,
    rows: async (start, count) => data.subarray(start * width, (start + count) * width),
    physical: (values) => values as PixelArray,
    valuesAt: async (places) => places.map((place) => data[place]!),
  };
}
