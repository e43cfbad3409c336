import type { RowMap } from "@sbnsis/wcs";
import { colorize, colormapTable } from "../colour/colormap.ts";
import { drawMarks } from "../draw/marks.ts";
import { scaledFrame, type TanFrame } from "../frame/tan-frame.ts";
import { findLevels } from "../interval/cuts.ts";
import { resampledArray, resampleRows } from "../resample/resample.ts";
import { AreaReducer, enlarged, reducedSize } from "../resample/scale.ts";
import { stretchedLevels } from "../stretch/stretch.ts";
import type { PictureOptions } from "./picture-options.ts";
import type { PixelArray } from "./pixel-array.ts";

/** An image, and the picture to make of it. */
export interface PictureInput {
  /** Physical values, row 0 of the FITS first. */
  readonly data: PixelArray;
  /** Width and height of the image and of its picture, pixels. */
  readonly shape: readonly [number, number];
  /** Frame of the picture before it is reduced. */
  readonly frame: TanFrame;
  /** From the picture's pixels to the image's. */
  readonly map: RowMap;
  readonly options?: PictureOptions;
}

/** 8-bit pixels and their place on the sky. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** The top row first, which is the last of the FITS; channels interleaved. */
  readonly pixels: Uint8Array;
  /** Pixels count as in FITS, from 1 at the lower left. */
  readonly frame: TanFrame;
}

/**
 * Makes the picture of an image: resamples it onto its frame, finds levels in the result (like the
 * existing service and reproject with ZScaleInterval; the order matters, because corners lost by a
 * rotation do not count), stretches, reduces, colours, and draws marks.
 * Missing data are 0. An image without any finite value is all 0.
 */
export function renderPicture({ data, shape, frame, map, options = {} }: PictureInput): Picture {
  const [width, height] = shape;
  const interpolation = options.interpolation ?? "nearest";
  const values =
    interpolation === "nearest" ? resampledArray(data, width * height) : new Float64Array(width * height);
  resampleRows(
    map,
    { data, width, height, firstRow: 0, rows: height },
    interpolation,
    width,
    0,
    height,
    values,
  );
  const levels = findLevels(values, options);
  const gray = new Uint8Array(width * height);
  if (levels !== undefined) {
    for (let row = 0; row < height; row++) {
      const top = (height - 1 - row) * width;
      const line = values.subarray(row * width, (row + 1) * width);
      stretchedLevels(line, levels, options, gray.subarray(top, top + width));
    }
  }
  return reduceAndFinish(gray, shape, frame, options);
}

/**
 * The last steps of a picture, from grey levels at full size on: reduce, colour, draw marks. Marks
 * are drawn into `gray` itself when there is no other step.
 */
export function reduceAndFinish(
  gray: Uint8Array,
  shape: readonly [number, number],
  frame: TanFrame,
  options: PictureOptions,
): Picture {
  const size = reducedSize(shape[0], shape[1], options.width);
  const reduced = size[0] === shape[0] && size[1] === shape[1] ? gray : reducedRows(gray, shape, size);
  return finishPicture(reduced, size, shape, frame, options);
}

/**
 * Colours a picture of grey levels, enlarges it and draws its marks, in the pixels of the finished
 * picture.
 * @param gray size[0] * size[1] levels, the top row first; without colours and enlargement they
 * become the picture
 * @param frame of the picture before it was reduced from `shape`
 * @param into memory for a picture in colour; `gray` may be its last third
 */
export function finishPicture(
  gray: Uint8Array,
  size: readonly [number, number],
  shape: readonly [number, number],
  frame: TanFrame,
  { colormap = "gray", marks = [], zoom = 1 }: PictureOptions,
  into?: Uint8Array,
): Picture {
  const channels = colormap === "gray" ? 1 : 3;
  const pixels = colormap === "gray" ? gray : colorize(gray, colormapTable(colormap), into);
  const [width, height] = [size[0] * zoom, size[1] * zoom];
  const same = width === shape[0] && height === shape[1];
  const picture: Picture = {
    width,
    height,
    channels,
    pixels: zoom === 1 ? pixels : enlarged(pixels, size, channels, zoom),
    frame: same ? frame : scaledFrame(frame, shape, [width, height]),
  };
  drawMarks(picture, picture.frame, marks, zoom);
  return picture;
}

function reducedRows(
  gray: Uint8Array,
  from: readonly [number, number],
  to: readonly [number, number],
): Uint8Array {
  const out = new Uint8Array(to[0] * to[1]);
  const reducer = new AreaReducer(from, to, out);
  for (let row = 0; row < from[1]; row++) reducer.add(gray.subarray(row * from[0], (row + 1) * from[0]));
  return out;
}
