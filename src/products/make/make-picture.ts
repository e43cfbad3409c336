import { type ByteSource, type ImageDescription, physicalValues, readSection } from "@sbnsis/fits";
import { sectionMemory } from "@sbnsis/fits/internal";
import {
  avmPacket,
  bufferedLevels,
  drawBufferedRows,
  type FramePictureInput,
  type FrameSource,
  type LevelJob,
  marksOnPicture,
  type Picture,
  type PixelArray,
  pictureGeometry,
  reduceAndFinish,
  renderCutoutPicture,
  renderFramePicture,
  resampledArray,
} from "@sbnsis/imaging";
import { nodeInflate } from "../../archive/node-inflate.ts";
import { checkpointOf } from "../../concurrency/cancellation.ts";
import type { CachedFile } from "../cache/product-cache.ts";
import { encodePicture, type PictureEncoding } from "../encode/encode-picture.ts";
import { StripWriter } from "../encode/strip-writer.ts";
import type { PicturePlan } from "../plan/plan-picture.ts";
import type { BandHelper } from "../threads/band-helper.ts";
import type { TaskMemory } from "../threads/memory-budget.ts";
import { holdMemory } from "../threads/task-memory.ts";
import { frameBands } from "./frame-bands.ts";
import { frameMemory, scratchBuffer } from "./reused-memory.ts";
import { writeLargePicture } from "./write-large-picture.ts";
import { writeProduct } from "./write-product.ts";

/**
 * Pixels from which on a picture is encoded into a file: encoding into memory leaves megabytes of
 * garbage.
 */
const LARGE_PICTURE = 2 ** 22;

/**
 * Bytes per pixel of a picture that is made from values in memory: floats twice, levels, colours.
 */
const PICTURE_BYTES = 20;

/**
 * Executes a plan: reads, decodes, draws, encodes and writes.
 * Errors: PICTURE_FAILED, CANCELLED, FITS_*, CACHE_UNAVAILABLE, those of the source.
 *
 * @param cancelled a shared flag: not 0 when nobody is waiting for the picture any more
 * @param memory counts what the helper takes of the shared memory budget
 * @param helper another thread that also converts bands of whole frames to grey levels
 */
export async function makePicture(
  source: ByteSource,
  plan: PicturePlan,
  path: string,
  cancelled: Int32Array,
  helper?: BandHelper,
  memory?: TaskMemory,
): Promise<CachedFile> {
  const checkpoint = checkpointOf(cancelled);
  const encodingOf = (picture: Picture): PictureEncoding => ({
    format: plan.format,
    ...(plan.quality !== undefined && { quality: plan.quality }),
    xmp: avmPacket(picture, plan.facts),
  });
  // the first rows of a large picture are encoded while the rest is being made
  let writer: StripWriter | undefined;
  const rowsDone = async (unfinished: Picture, rows: number) => {
    if (plan.format !== "jpeg" || !isLarge(unfinished)) return;
    if (rows === 0) {
      await writer?.abandon();
      writer = undefined;
      return;
    }
    writer ??= new StripWriter(path, unfinished, encodingOf(unfinished));
    await writer.add(rows);
  };
  try {
    const help = (image: ImageDescription) =>
      helper &&
      ((job: LevelJob) =>
        helper.take({ source: plan.source, image, job, cancelled, ...(memory && { memory }) }));
    const picture = await render(source, plan, checkpoint, rowsDone, help);
    checkpoint();
    const encoding = encodingOf(picture);
    const finishing = writer;
    writer = undefined;
    const written =
      finishing !== undefined
        ? await finishing.finish()
        : isLarge(picture)
          ? await writeLargePicture(path, picture, encoding)
          : undefined;
    if (written !== undefined) return written;
    const parts = await encodePicture(picture, encoding);
    checkpoint();
    return writeProduct(path, parts);
  } finally {
    await writer?.abandon();
  }
}

function isLarge({ width, height }: Picture): boolean {
  return width * height >= LARGE_PICTURE;
}

async function render(
  source: ByteSource,
  plan: PicturePlan,
  checkpoint: () => void,
  rowsDone: (picture: Picture, rows: number) => Promise<void>,
  helpWith: (image: ImageDescription) => FramePictureInput["help"],
): Promise<Picture> {
  const { content, box, wcs, align, options } = plan;
  if (content.kind === "section") {
    const { pixels } = content.section;
    // values as floats, resampled ones, levels, and the picture in colour
    holdMemory("read for a picture", sectionMemory(content.section) + PICTURE_BYTES * pixels);
    const stored = await readSection(source, content.section, {
      inflate: nodeInflate,
      buffer: scratchBuffer,
      checkpoint,
    });
    const data = physicalValues(content.scaling, stored);
    return await renderCutoutPicture({ data, box, wcs, align, options, checkpoint });
  }
  const geometry = pictureGeometry(wcs, box, align, checkpoint);
  const { frame, map } = geometry;
  const bands = frameBands(source, content.image, checkpoint);
  const placed = { ...options, marks: marksOnPicture(options.marks ?? [], geometry) };
  if (options.interpolation !== "bilinear") {
    const help = helpWith(content.image);
    return renderFramePicture({
      source: bands,
      frame,
      map,
      options: placed,
      checkpoint,
      rowsDone,
      memory: frameMemory,
      ...(help !== undefined && { help }),
    });
  }
  const [width, height] = box.shape;
  const channels = (options.colormap ?? "gray") === "gray" ? 1 : 4;
  holdMemory("used for a bilinear frame", width * height * (bytesPerValue(content.image) + channels));
  const data = await wholeFrame(bands, checkpoint);
  const held = { source: { data, width, height, firstRow: 0, rows: height }, map, options };
  checkpoint();
  const levels = bufferedLevels(held);
  const gray = new Uint8Array(width * height);
  for (let y = 0; y < height; y += bands.bandRows) {
    checkpoint();
    drawBufferedRows(held, levels, y, Math.min(height, y + bands.bandRows), gray);
  }
  return reduceAndFinish(gray, box.shape, frame, placed);
}

/** All physical values of a frame, in an array whose type can represent each of them. */
async function wholeFrame(bands: FrameSource, checkpoint: () => void): Promise<PixelArray> {
  const { width, height, bandRows, complete } = bands;
  let whole: PixelArray | undefined;
  for (let y = 0; y < height; y += bandRows) {
    checkpoint();
    const values = bands.physical(await bands.rows(y, Math.min(bandRows, height - y)));
    whole ??= complete ? emptyLike(values, width * height) : resampledArray(values, width * height);
    whole.set(values, y * width);
  }
  return whole ?? new Float32Array(0);
}

/** Bytes per value in the array of wholeFrame. */
function bytesPerValue({ bitpix, bscale, bzero, blank }: ImageDescription): number {
  if (bitpix === -32) return 4;
  if (bitpix > 16 || bitpix === -64) return 8;
  const isWhole = Number.isInteger(bzero) && bscale === 1 && blank === undefined;
  return isWhole ? bitpix / 8 : 4;
}

function emptyLike<T extends PixelArray>(values: T, length: number): T {
  return new (values.constructor as new (length: number) => T)(length);
}
