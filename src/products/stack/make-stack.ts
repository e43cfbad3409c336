import {
  type ByteSource,
  type Card,
  headerFromCards,
  imageHdu,
  physicalValues,
  readSection,
  valueCard,
} from "@sbnsis/fits";
import { sectionMemory } from "@sbnsis/fits/internal";
import {
  avmPacket,
  framePlaces,
  memorySource,
  numericPixels,
  type PixelArray,
  type PixelBox,
  planeMap,
  renderPicture,
  type Stack,
  stackFrames,
} from "@sbnsis/imaging";
import { wcsFromHeader } from "@sbnsis/wcs";
import { nodeInflate } from "../../archive/node-inflate.ts";
import { checkpointOf } from "../../concurrency/cancellation.ts";
import type { CachedFile } from "../cache/product-cache.ts";
import { encodePicture } from "../encode/encode-picture.ts";
import { packedImage } from "../make/cutout/packed-image.ts";
import { scratchBuffer } from "../make/reused-memory.ts";
import { writeProduct } from "../make/write-product.ts";
import type { SourceFile } from "../request/source-file.ts";
import { holdMemory } from "../threads/task-memory.ts";
import { PixelSpool } from "./pixel-spool.ts";
import type { PlannedFrame, StackPlan } from "./plan-stack.ts";
import { framesTable, stackCards, stackWcsCards } from "./stack-header.ts";

/** Opens a file in the planned state while `work` runs. */
export type UseSource = <T>(file: SourceFile, work: (source: ByteSource) => Promise<T>) => Promise<T>;

/** Cube, kept pixels and accumulators of a stack, bytes (see stackFrames). */
const STACK_MEMORY = 96 * 2 ** 20;

/** Pixels of frames that a stack keeps in memory, bytes. */
const KEPT = 24 * 2 ** 20;

/**
 * Executes the plan of a stack: reads the box of each frame once, stacks, and writes a FITS file
 * with the planes COVERAGE and ERROR and the table FRAMES, or a picture.
 * Errors: those of the sources, FITS_*, STACK_NOISE, PICTURE_FAILED, CANCELLED, CACHE_UNAVAILABLE,
 * MEMORY_*.
 */
export async function makeStack(
  use: UseSource,
  plan: StackPlan,
  path: string,
  cancelled: Int32Array,
): Promise<CachedFile> {
  const checkpoint = checkpointOf(cancelled);
  const spool = new PixelSpool(path);
  const largest = Math.max(...plan.frames.map(({ section }) => sectionMemory(section) + 16 * section.pixels));
  holdMemory("used for a stack", STACK_MEMORY + 8 * 3 * plan.side ** 2 + largest);
  let kept = 0;
  try {
    const stack = await stackFrames({
      frames: plan.frames.map(({ plane, wcs, naxis, gain, weight }) => ({
        places: framePlaces(planeMap(plane, wcs), plan.side),
        ...{ naxis, gain, weight },
      })),
      side: plan.side,
      combine: plan.combine,
      inverseVariance: plan.weights !== "row",
      interpolation: plan.interpolation,
      background: plan.background,
      memory: { strip: 32 * 2 ** 20, kept: KEPT },
      checkpoint,
      read: async (k, box) => {
        const frame = plan.frames[k]!;
        if (spool.has(k)) return rowsOf(spool, k, frame.box, box);
        const pixels = await readFrame(use, frame, checkpoint);
        // the same rule as that of stackFrames for what it keeps
        if (kept + pixels.byteLength > KEPT) spool.store(k, pixels);
        else kept += pixels.byteLength;
        return pixels;
      },
    });
    checkpoint();
    return plan.format === "fits"
      ? writeProduct(path, await fitsParts(plan, stack, checkpoint))
      : writeProduct(path, await picture(plan, stack, checkpoint));
  } finally {
    spool.close();
  }
}

/** Physical values of the box of a frame. */
export function readFrame(
  use: UseSource,
  { source, section, scaling }: PlannedFrame,
  checkpoint: () => void,
): Promise<PixelArray> {
  return use(source, async (bytes) => {
    const stored = await readSection(bytes, section, {
      inflate: nodeInflate,
      buffer: scratchBuffer,
      checkpoint,
    });
    return numericPixels(physicalValues(scaling, stored));
  });
}

function rowsOf(spool: PixelSpool, frame: number, whole: PixelBox, rows: PixelBox): PixelArray {
  const width = whole.shape[0];
  return spool.load(frame, (rows.start[1] - whole.start[1]) * width, rows.shape[1] * width);
}

/** Steps per noise of a tile in which packed values are stored. */
const STEPS_PER_NOISE = 16;

async function fitsParts(
  plan: StackPlan,
  stack: Stack,
  checkpoint: () => void,
): Promise<readonly Uint8Array[]> {
  const naxis = [stack.side, stack.side] as const;
  const wcs = stackWcsCards(plan);
  if (plan.pack === "rice") return packedParts(plan, stack, checkpoint);
  const extension = (name: string, comment: string): readonly Card[] => [
    valueCard("EXTNAME", name, comment),
    ...wcs,
  ];
  return [
    imageHdu({ naxis, pixels: Float32Array.from(stack.values), cards: stackCards(plan) }),
    imageHdu({
      naxis,
      pixels: stack.coverage,
      cards: extension("COVERAGE", "number of frames at a pixel"),
      kind: "extension",
    }),
    imageHdu({
      naxis,
      pixels: Float32Array.from(stack.errors),
      cards: extension("ERROR", "standard deviation of the values"),
      kind: "extension",
    }),
    framesTable(plan, stack),
  ];
}

/** The same planes compressed in tiles, after an empty primary HDU; floats are quantized. */
async function packedParts(
  plan: StackPlan,
  { side, values, coverage, errors, ...rest }: Stack,
  checkpoint: () => void,
): Promise<readonly Uint8Array[]> {
  const wcs = stackWcsCards(plan);
  const quantization = { level: STEPS_PER_NOISE, method: "SUBTRACTIVE_DITHER_2" } as const;
  const floats = { bitpix: -32, quantization } as const;
  const named = (name: string) => [valueCard("EXTNAME", name), ...wcs];
  const planes = [
    { ...floats, pixels: Float32Array.from(values), cards: stackCards(plan) },
    { bitpix: 16, quantization: undefined, pixels: coverage, cards: named("COVERAGE") },
    { ...floats, pixels: Float32Array.from(errors), cards: named("ERROR") },
  ] as const;
  const parts: Uint8Array[] = [];
  for (const plane of planes) {
    const [primary, extension] = await packedImage({ shape: [side, side], ...plane }, checkpoint);
    parts.push(...(parts.length === 0 ? [primary!] : []), extension!);
  }
  return [...parts, framesTable(plan, { side, values, coverage, errors, ...rest })];
}

async function picture(
  plan: StackPlan,
  { side, values }: Stack,
  checkpoint: () => void,
): Promise<readonly Uint8Array[]> {
  const wcs = wcsFromHeader(headerFromCards(stackWcsCards(plan)));
  const picture = await renderPicture({
    source: memorySource(values, [side, side]),
    box: { start: [0, 0], shape: [side, side] },
    wcs,
    align: false,
    options: plan.picture?.options ?? {},
    checkpoint,
  });
  const quality = plan.picture?.quality;
  return encodePicture(picture, {
    format: plan.format === "png" ? "png" : "jpeg",
    ...(quality !== undefined && { quality }),
    xmp: avmPacket(picture, plan.facts),
  });
}
