import { type ByteSource, physicalValues, readSection } from "@sbnsis/fits";
import { sectionMemory } from "@sbnsis/fits/internal";
import { avmPacket, type ColorChannel, numericPixels, renderColor } from "@sbnsis/imaging";
import { nodeInflate } from "../../archive/node-inflate.ts";
import type { CachedFile } from "../cache/product-cache.ts";
import { encodePicture } from "../encode/encode-picture.ts";
import type { ChannelPlan, ColorPlan } from "../plan/plan-color.ts";
import { holdMemory } from "../threads/task-memory.ts";
import { scratchBuffer } from "./reused-memory.ts";
import { writeProduct } from "./write-product.ts";

/** Bytes per pixel of a frame in use: as stored and as a value. */
const CHANNEL_BYTES = 16;
/** Bytes per pixel of the picture: three resampled values, their mean, and the colors twice. */
const PLANE_BYTES = 40;

/** Opens a frame, for `work`, in the state that was described. */
export type OpenChannel = <T>(channel: ChannelPlan, work: (source: ByteSource) => Promise<T>) => Promise<T>;

/**
 * Executes the plan of a color picture. Errors: PICTURE_FAILED, FITS_*, MEMORY_*, those of the
 * sources and of `checkpoint`.
 */
export async function makeColor(
  open: OpenChannel,
  plan: ColorPlan,
  path: string,
  checkpoint: () => void,
): Promise<CachedFile> {
  const { channels, plane, stretch, interpolation, format, quality, facts } = plan;
  const bytes = channels.map(({ section }) => sectionMemory(section) + CHANNEL_BYTES * section.pixels);
  holdMemory(
    "used for a color picture",
    bytes.reduce((sum, each) => sum + each, PLANE_BYTES * plane.shape[0] * plane.shape[1]),
  );
  const read: ColorChannel[] = [];
  for (const channel of channels) {
    const { section, scaling, box, wcs } = channel;
    const stored = await open(channel, (source) =>
      readSection(source, section, { inflate: nodeInflate, buffer: scratchBuffer, checkpoint }),
    );
    read.push({ data: numericPixels(physicalValues(scaling, stored)), box, wcs });
  }
  const [red, second, third] = read;
  const colors =
    third === undefined ? ([red!, undefined, second!] as const) : ([red!, second!, third] as const);
  const picture = renderColor(plane, colors, stretch, interpolation, checkpoint);
  const parts = await encodePicture(picture, {
    format,
    ...(quality !== undefined && { quality }),
    xmp: avmPacket(picture, facts),
  });
  checkpoint();
  return writeProduct(path, parts);
}
