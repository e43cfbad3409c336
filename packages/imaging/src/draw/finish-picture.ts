import { scaledFrame, type TanFrame } from "../frame/tan-frame.ts";
import type { Picture } from "../render/picture.ts";
import type { PictureOptions } from "../render/picture-options.ts";
import { enlarged } from "../resample/scale.ts";
import { drawMarks } from "./marks.ts";

/**
 * The last step of a picture: enlarges it and draws its marks, in the pixels of the finished
 * picture. Without enlargement the marks are drawn into the given pixels.
 * @param shape size of the picture before it was reduced
 * @param frame of the picture before it was reduced
 */
export function finishPicture(
  image: Omit<Picture, "frame">,
  shape: readonly [number, number],
  frame: TanFrame,
  { marks = [], zoom = 1 }: PictureOptions,
): Picture {
  const { channels, pixels } = image;
  const [width, height] = [image.width * zoom, image.height * zoom];
  const isSame = width === shape[0] && height === shape[1];
  const picture: Picture = {
    width,
    height,
    channels,
    pixels: zoom === 1 ? pixels : enlarged(pixels, [image.width, image.height], channels, zoom),
    frame: isSame ? frame : scaledFrame(frame, shape, [width, height]),
  };
  drawMarks(picture, picture.frame, marks, zoom);
  return picture;
}
