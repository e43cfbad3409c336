import type { RowMap } from "@sbnsis/wcs";
import { colorRows } from "../color/color-rows.ts";
import { finishPicture } from "../draw/finish-picture.ts";
import { decodeWhole } from "../frame/decode-whole.ts";
import { marksOnPicture, pictureGeometry } from "../frame/picture-geometry.ts";
import { hasLevelsOfPicture } from "../interval/frame-levels.ts";
import { levelsOfRows } from "../interval/levels-of-rows.ts";
import { blockBytes, blockMeans, drawThumbnail, thumbnailBlocks } from "../resample/block-means.ts";
import { nearestResampler } from "../resample/nearest.ts";
import { type GreyRows, reducedSize, reduceRows } from "../resample/scale.ts";
import { reprojectedValues } from "../resample/value-rows.ts";
import { bytesOfBits } from "../stretch/missing-pixels.ts";
import { stretchedLevels } from "../stretch/stretch.ts";
import { bandsOfBlocks, marksMissing, stretchBands } from "../stretch/stretch-bands.ts";
import type { Picture, PictureRequest, PlacedPicture } from "./picture.ts";
import { PictureRows } from "./picture-rows.ts";

/**
 * The three orders of the steps of a picture. All begin with decoding and end alike:
 *
 *     reproject first   decode all -> reproject -> interval -> stretch --+
 *     stretch first     interval -> decode bands + stretch -> reproject -+-> reduce
 *     means of blocks   interval -> decode bands + stretch + means ------+    -> color -> draw
 *                         -> reproject the means
 *
 * The nearest neighbor mixes no values, so that the stretch may come first: one byte per pixel is
 * kept, two threads share the bands, and the rows of the picture are drawn while others are read.
 */
export type StepOrder = "reproject first" | "stretch first" | "means of blocks";

/**
 * Chooses the order of the steps: bilinear interpolation must mix values before they are stretched.
 * An image in memory is reprojected first as well if only that gives the interval of the picture,
 * or if it is reduced. A picture at least 8 times smaller than its frame is made from the means of
 * small blocks, which differ slightly from the means of all pixels.
 */
export function stepOrder({ source, options }: Pick<PlacedPicture, "source" | "options">): StepOrder {
  const { width, height, values } = source;
  if (options.interpolation === "bilinear") return "reproject first";
  if (values !== undefined && (!hasLevelsOfPicture(options) || options.width !== undefined))
    return "reproject first";
  const [shownWidth, shownHeight] = reducedSize(width, height, options.width);
  const shrink = Math.min(width / shownWidth, height / shownHeight);
  return thumbnailBlocks(shrink) === undefined ? "stretch first" : "means of blocks";
}

/**
 * Makes a picture: determines its geometry, and runs its steps in the order chosen by {@link
 * stepOrder}. All pictures are made here: cutouts and whole frames, full size and thumbnails, by
 * one thread or two. Missing data are 0 in grey; an image without any finite value is all 0.
 * Errors: PICTURE_FAILED when the middle of the image is not on the sky; those of the source.
 */
export async function renderPicture(request: PictureRequest): Promise<Picture> {
  const { box, wcs, align, options = {}, checkpoint } = request;
  const geometry = pictureGeometry(wcs, box, align, checkpoint);
  const { frame, map } = geometry;
  const placed = { ...options, marks: marksOnPicture(options.marks ?? [], geometry) };
  return renderPlaced({ ...request, frame, map, options: placed });
}

/**
 * The steps of {@link renderPicture} once the geometry is known.
 * @param order replaces the chosen order, for an image in memory: all give the same picture
 * except for the deviations that stepOrder describes
 */
export async function renderPlaced(input: PlacedPicture, order = stepOrder(input)): Promise<Picture> {
  switch (order) {
    case "reproject first":
      return reprojectFirst(input);
    case "stretch first":
      return stretchFirst(input);
    case "means of blocks":
      return meansOfBlocks(input);
  }
}

async function reprojectFirst(input: PlacedPicture): Promise<Picture> {
  const { source, map, options, checkpoint = () => undefined } = input;
  const { height, bandRows } = source;
  const data = source.values ?? (await decodeWhole(source, checkpoint));
  const interpolation = options.interpolation ?? "nearest";
  const image = { data, width: source.width, height, firstRow: 0, rows: height };
  checkpoint();
  const values = reprojectedValues(map, image, interpolation, source.values !== undefined);
  const levels = levelsOfRows(values, image, map, options);
  const output = new Output(input);
  const rows = output.begin();
  for (let y = height - 1; y >= 0; y--) {
    if ((height - 1 - y) % bandRows === 0) checkpoint();
    const line = rows.line();
    if (levels === undefined) line.fill(0);
    else stretchedLevels(values.row(y), levels, options, line);
    rows.done();
  }
  return output.finish();
}

async function stretchFirst(input: PlacedPicture): Promise<Picture> {
  const { source, map, checkpoint = () => undefined } = input;
  const { width, height, bandRows } = source;
  const { levels, output, missing } = allocate(input, width * height, true);
  let rows = reprojectedLevels(map, levels, source, output.begin());
  const restart = async () => {
    if (rows.drawn === 0) return;
    rows = reprojectedLevels(map, levels, source, output.begin());
    await output.report(0);
  };
  const hasValues = await stretchBands(input, {
    bandRows,
    isShareable: true,
    isDownwards: bandRows < height && rows.isDownwards,
    out: levels,
    ...(missing !== undefined && { missing }),
    begin: restart,
    filled: async (start, count) => {
      const before = rows.drawn;
      rows.add(start, count, checkpoint);
      if (rows.drawn > before) await output.report(rows.drawn);
    },
  });
  if (!hasValues) {
    await restart();
    output.clear();
    await output.report(height);
  }
  return output.finish();
}

async function meansOfBlocks(input: PlacedPicture): Promise<Picture> {
  const { source, map, options } = input;
  const { width, height } = source;
  const size = reducedSize(width, height, options.width);
  const side = thumbnailBlocks(Math.min(width / size[0], height / size[1]))!;
  const { levels, output, missing } = allocate(input, blockBytes(source, side), false);
  const blocks = blockMeans(source, side, levels);
  const hasValues = await stretchBands(input, {
    ...bandsOfBlocks(source, side),
    isDownwards: false,
    out: blocks,
    ...(missing !== undefined && { missing }),
  });
  if (hasValues) drawThumbnail(blocks, source, map, size, output.beginReduced());
  else output.clear();
  return output.finish();
}

/** Rows of a nearest-neighbour picture, drawn as soon as the levels they show are present. */
function reprojectedLevels(
  map: RowMap,
  levels: Uint8Array,
  source: PlacedPicture["source"],
  rows: GreyRows,
): PictureRows {
  const { width, height } = source;
  const move = nearestResampler(map, levels, source, width);
  return new PictureRows(map, source, (top) => {
    move(height - 1 - top, rows.line());
    rows.done();
  });
}

/**
 * Memory for, in this order: levels of the source; the pixels of the picture, if it is large; and
 * one bit per pixel of the source, all 0, if several threads mark missing values.
 */
function allocate(
  input: PlacedPicture,
  length: number,
  withPixels: boolean,
): { readonly levels: Uint8Array; readonly output: Output; readonly missing: Uint8Array | undefined } {
  const { width, height } = input.source;
  const pixels = withPixels ? outputBytes(input) : 0;
  const bits = input.help !== undefined && marksMissing(input) ? bytesOfBits(width * height) : 0;
  const all = input.memory?.(length + pixels + bits) ?? new Uint8Array(length + pixels + bits);
  return {
    levels: all.subarray(0, length),
    output: new Output(input, withPixels ? all.subarray(length, length + pixels) : undefined),
    missing: bits === 0 ? undefined : all.subarray(length + pixels, length + pixels + bits).fill(0),
  };
}

function outputBytes({ source: { width, height }, options }: PlacedPicture): number {
  const size = reducedSize(width, height, options.width);
  return size[0] * size[1] * channelsOf(options);
}

function channelsOf({ colormap = "gray" }: PlacedPicture["options"]): 1 | 3 {
  return colormap === "gray" ? 1 : 3;
}

/** The last steps, which all orders share: reduce, color, enlarge, draw marks. */
class Output {
  readonly #input: PlacedPicture;
  readonly #size: readonly [number, number];
  readonly #shape: readonly [number, number];
  readonly #pixels: Uint8Array;

  constructor(input: PlacedPicture, pixels = new Uint8Array(outputBytes(input)) as Uint8Array) {
    const { width, height } = input.source;
    this.#input = input;
    this.#shape = [width, height];
    this.#size = reducedSize(width, height, input.options.width);
    this.#pixels = pixels;
  }

  /** The sink of full-size grey rows, from the top; each call starts over. */
  begin(): GreyRows {
    return reduceRows(this.#shape, this.#size, this.beginReduced());
  }

  /** The sink of grey rows of the reduced size. */
  beginReduced(): GreyRows {
    return colorRows(this.#pixels, this.#size[0], this.#input.options.colormap);
  }

  /** Fills the whole picture as for missing data. */
  clear(): void {
    const rows = this.beginReduced();
    for (let row = 0; row < this.#size[1]; row++) {
      rows.line().fill(0);
      rows.done();
    }
  }

  /** Reports that the first rows are final, if no later step changes them. */
  async report(rows: number): Promise<void> {
    const { options, rowsDone } = this.#input;
    const { colormap = "gray", zoom = 1, marks = [] } = options;
    const isWhole = this.#size[0] === this.#shape[0] && this.#size[1] === this.#shape[1];
    if (rowsDone !== undefined && isWhole && colormap === "gray" && zoom === 1 && marks.length === 0)
      await rowsDone(this.finish(), rows);
  }

  /** Enlarges the picture and draws its marks. */
  finish(): Picture {
    const { frame, options } = this.#input;
    const [width, height] = this.#size;
    const image = { width, height, channels: channelsOf(options), pixels: this.#pixels };
    return finishPicture(image, this.#shape, frame, options);
  }
}
