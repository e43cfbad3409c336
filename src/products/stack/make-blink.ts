import { deflateSync } from "node:zlib";
import {
  ApngWriter,
  blinkLevels,
  drawCaption,
  drawMarks,
  framePlaces,
  type Mark,
  planeMap,
  type TanFrame,
} from "@sbnsis/imaging";
import { checkpointOf } from "../../concurrency/cancellation.ts";
import { SisError } from "../../errors/sis-error.ts";
import type { CachedFile } from "../cache/product-cache.ts";
import { loadSharp } from "../encode/encode-picture.ts";
import { writeProduct } from "../make/write-product.ts";
import { holdMemory } from "../threads/task-memory.ts";
import { readFrame, type UseSource } from "./make-stack.ts";
import type { BlinkPlan, PlannedFrame } from "./plan-stack.ts";
import { isoTime } from "./stack-header.ts";
import type { BlinkMark } from "./stack-request.ts";

/**
 * Executes the plan of an animation: every frame on its plane, with the same levels for sky and
 * noise, its marks, its time and its name. A PNG begins with the first frame as a still picture.
 * Errors: those of the sources, FITS_*, PICTURE_FAILED, CANCELLED, MEMORY_*.
 */
export async function makeBlink(
  use: UseSource,
  plan: BlinkPlan,
  path: string,
  cancelled: Int32Array,
): Promise<CachedFile> {
  const checkpoint = checkpointOf(cancelled);
  const { side, frames } = plan;
  const largest = Math.max(...frames.map(({ section }) => 3 * 8 * section.pixels));
  holdMemory("used for an animation", largest + 2 * frames.length * side * side);
  const pictures: Uint8Array[] = [];
  for (const frame of frames) {
    checkpoint();
    const pixels = await readFrame(use, frame, checkpoint);
    const places = framePlaces(planeMap(frame.plane, frame.wcs), side);
    const levels = blinkLevels({ places, pixels, box: frame.box, interpolation: plan.interpolation });
    annotate(levels, plan, frame);
    pictures.push(levels);
  }
  checkpoint();
  return writeProduct(path, plan.format === "png" ? apng(plan, pictures) : [await encoded(plan, pictures)]);
}

function annotate(levels: Uint8Array, { side, target, marks }: BlinkPlan, frame: PlannedFrame): void {
  const { row, object, plane } = frame;
  const { uncertainty } = row;
  const canvas = { width: side, height: side, channels: 1, pixels: levels } as const;
  const middle = (side + 1) / 2;
  const tan: TanFrame = {
    system: "ICRS",
    equinox: undefined,
    crval: [plane.ra, plane.dec],
    crpix: [middle, middle],
    cd: [-plane.scale, 0, 0, plane.scale],
  };
  const drawn: Record<BlinkMark, readonly Mark[]> = {
    object: [{ kind: "cross", lon: object.ra, lat: object.dec }],
    motion: row.motion === undefined ? [] : [{ kind: "arrow", positionAngle: row.motion.pa }],
    ellipse:
      uncertainty === undefined
        ? []
        : [
            {
              kind: "ellipse",
              lon: object.ra,
              lat: object.dec,
              semiAxesArcsec: [uncertainty.a, uncertainty.b],
              positionAngle: uncertainty.pa,
            },
          ],
    compass: [{ kind: "compass" }],
    scale: [{ kind: "scalebar" }],
  };
  drawMarks(
    canvas,
    tan,
    marks.flatMap((mark) => drawn[mark]),
  );
  const name = row.id.slice(row.id.lastIndexOf(":") + 1);
  drawCaption(canvas, [isoTime(row.mid).slice(0, 19), name, ...(target === undefined ? [] : [target])]);
}

function apng(
  { side, frames, rate, plays }: BlinkPlan,
  pictures: readonly Uint8Array[],
): readonly Uint8Array[] {
  const writer = new ApngWriter({
    width: side,
    height: side,
    frames: frames.length,
    seconds: 1 / rate,
    plays,
    deflate: (bytes) => deflateSync(bytes, { level: 4 }),
  });
  return [...writer.head(), ...pictures.flatMap((picture) => writer.frame(picture)), writer.end()];
}

async function encoded(
  { side, frames, format, rate, plays }: BlinkPlan,
  pictures: readonly Uint8Array[],
): Promise<Uint8Array> {
  // rounded up, so that there are never more pictures per second than requested
  const unit = format === "gif" ? 10 : 1;
  const delay = Math.ceil(1000 / rate / unit) * unit;
  try {
    const raw = { width: side, height: side * frames.length, channels: 1, pageHeight: side } as const;
    const sharp = await loadSharp();
    const image = sharp(Buffer.concat(pictures), { raw, limitInputPixels: false });
    const options = { loop: plays, delay: frames.map(() => delay) };
    return await (format === "gif"
      ? image.gif({ ...options, effort: 1, dither: 0 })
      : image.webp({ ...options, quality: 80, effort: 1 })
    ).toBuffer();
  } catch (cause) {
    throw new SisError("PICTURE_FAILED", `an animation of ${frames.length} pictures could not be encoded`, {
      cause,
    });
  }
}
