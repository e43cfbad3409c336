import { type ByteSource, type ImageDescription, physicalValues, readSection } from "@sbnsis/fits";
import { sectionMemory } from "@sbnsis/fits/internal";
import {
  type BandJob,
  memorySource,
  type Picture,
  type PictureRequest,
  renderPicture,
  renderSampledRows,
} from "@sbnsis/imaging";
import { nodeInflate } from "../../archive/node-inflate.ts";
import { checkpointOf } from "../../concurrency/cancellation.ts";
import type { CachedFile } from "../cache/product-cache.ts";
import { PictureFile } from "../encode/picture-file.ts";
import type { PicturePlan } from "../plan/plan-picture.ts";
import type { BandHelper } from "../threads/band-helper.ts";
import type { TaskMemory } from "../threads/memory-budget.ts";
import { holdMemory } from "../threads/task-memory.ts";
import { maskedValues } from "./cutout/mask-region.ts";
import { frameBands } from "./frame-bands.ts";
import { frameMemory, scratchBuffer } from "./reused-memory.ts";

/**
 * Bytes per pixel of a picture that is made from values in memory: floats twice, levels, colors.
 */
const PICTURE_BYTES = 20;

/**
 * Executes a plan: reads, decodes, draws, encodes and writes.
 * Errors: PICTURE_FAILED, CANCELLED, FITS_*, CACHE_UNAVAILABLE, those of the source.
 *
 * @param cancelled a shared flag: not 0 when nobody is waiting for the picture any more
 * @param memory counts what the helper takes of the shared memory budget
 * @param helper another thread that also decodes and stretches bands of whole frames
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
  const file = new PictureFile(path, plan, checkpoint);
  try {
    const { content } = plan;
    const picture =
      content.kind === "section"
        ? await sectionPicture(source, plan, content, checkpoint)
        : content.kind === "rows"
          ? await sampledPicture(source, plan, content.image, checkpoint)
          : await framePicture(source, plan, content.image, {
              checkpoint,
              rowsDone: (unfinished, rows) => file.rowsDone(unfinished, rows),
              ...(helper !== undefined && {
                help: (job: BandJob) =>
                  helper.take({
                    source: plan.source,
                    image: content.image,
                    job,
                    cancelled,
                    ...(memory && { memory }),
                  }),
              }),
            });
    checkpoint();
    return await file.finish(picture);
  } finally {
    await file.abandon();
  }
}

/** The picture of a cutout or a small frame, whose pixels are read in one piece. */
async function sectionPicture(
  source: ByteSource,
  { box, wcs, align, options, mask }: PicturePlan,
  { section, scaling }: Extract<PicturePlan["content"], { readonly kind: "section" }>,
  checkpoint: () => void,
): Promise<Picture> {
  // values as floats, resampled ones, levels, and the picture in color
  holdMemory("read for a picture", sectionMemory(section) + PICTURE_BYTES * section.pixels);
  const stored = await readSection(source, section, {
    inflate: nodeInflate,
    buffer: scratchBuffer,
    checkpoint,
  });
  const physical = physicalValues(scaling, stored);
  const shown = mask === undefined ? physical : maskedValues(physical, { wcs, shape: mask }, box);
  const values = memorySource(shown, box.shape);
  return renderPicture({ source: values, box, wcs, align, options, checkpoint });
}

/** The picture of a whole frame from some of its rows. */
function sampledPicture(
  source: ByteSource,
  { wcs, align, options }: PicturePlan,
  image: ImageDescription,
  checkpoint: () => void,
): Promise<Picture> {
  const rows = frameBands(source, image, checkpoint);
  return renderSampledRows({ source: rows, wcs, align, options, checkpoint });
}

/** The picture of a whole frame that is read in bands. */
function framePicture(
  source: ByteSource,
  { box, wcs, align, options }: PicturePlan,
  image: ImageDescription,
  work: Required<Pick<PictureRequest, "checkpoint" | "rowsDone">> & Pick<PictureRequest, "help">,
): Promise<Picture> {
  if (options.interpolation === "bilinear") {
    const channels = (options.colormap ?? "gray") === "gray" ? 1 : 4;
    const bytes = box.shape[0] * box.shape[1] * (valueBytes(image) + channels);
    holdMemory("used for a bilinear frame", bytes);
  }
  const bands = frameBands(source, image, work.checkpoint);
  return renderPicture({ ...work, source: bands, box, wcs, align, options, memory: frameMemory });
}

/** Bytes per value of a frame that is decoded as a whole (decodeWhole). */
function valueBytes({ bitpix, bscale, bzero, blank }: ImageDescription): number {
  if (bitpix === -32) return 4;
  if (bitpix > 16 || bitpix === -64) return 8;
  const isWhole = Number.isInteger(bzero) && bscale === 1 && blank === undefined;
  return isWhole ? bitpix / 8 : 4;
}
