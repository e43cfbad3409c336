import type { RowMap } from "@sbnsis/wcs";
import type { FrameSource } from "../frame/frame-source.ts";
import type { TanFrame } from "../frame/tan-frame.ts";
import type { Levels } from "../interval/zscale.ts";
import { blockBytes, blockMeans, drawThumbnail, thumbnailBlocks } from "../resample/block-means.ts";
import { nearestResampler } from "../resample/nearest.ts";
import { AreaReducer, reducedSize } from "../resample/scale.ts";
import { frameLevels, needsCounts } from "../stretch/frame-levels.ts";
import { bytesOfBits, MissingPixels } from "../stretch/level-bands.ts";
import {
  bandsOf,
  endJob,
  isThere,
  type LevelJob,
  levelJob,
  missingCount,
  rowsOfBand,
  takeBands,
} from "../stretch/level-job.ts";
import type { PictureOptions } from "./picture-options.ts";
import { PictureRows } from "./picture-rows.ts";
import { finishPicture, type Picture } from "./render-picture.ts";

/** A frame too large to keep its values in memory, and the picture to make of it. */
export interface FramePictureInput {
  readonly source: FrameSource;
  /** Frame of the picture before it is reduced. */
  readonly frame: TanFrame;
  /** From the picture's pixels to the source's. */
  readonly map: RowMap;
  /** The interpolation is always nearest neighbour, whatever the options say. */
  readonly options: PictureOptions;
  /** Called between bands; an exception ends the work. */
  readonly checkpoint: () => void;
  /**
   * Called and awaited while the picture is being made: its first `rows` rows are final. Only used
   * when no further step changes them: in grey, at full size, without marks. Called with all rows
   * at the end, and with 0 when the picture is restarted; earlier progress is then discarded.
   */
  readonly rowsDone?: (picture: Picture, rows: number) => Promise<void>;
  /**
   * Returns at least so many bytes, with any content; the picture may be stored there. Defaults to
   * a new array.
   */
  readonly memory?: (length: number) => Uint8Array;
  /**
   * Lets another thread take part in a job of the same frame; `memory` is then shared memory.
   * Fulfilled when that thread has finished its last band. It is awaited, and its failure fails the
   * picture if a band that it took is missing.
   */
  readonly help?: (job: LevelJob) => Promise<unknown>;
}

/**
 * The picture of a whole frame, with one byte of memory per pixel of the source and one per pixel
 * of the picture (three in colour).
 * The source is quantized to grey levels band by band; as the nearest neighbour mixes no values,
 * the levels are then resampled in place of the values. Pixels equal those of renderPicture; levels
 * are those of frameLevels.
 * A picture at least 8 times smaller is made of the means of small blocks of the source: its pixels
 * differ a little from those of renderPicture.
 */
export async function renderFramePicture(input: FramePictureInput): Promise<Picture> {
  const { width, height } = input.source;
  const size = reducedSize(width, height, input.options.width);
  const side = thumbnailBlocks(Math.min(width / size[0], height / size[1]));
  return side === undefined ? fullPicture(input, size) : thumbnail(input, size, side);
}

async function thumbnail(
  input: FramePictureInput,
  size: readonly [number, number],
  side: number,
): Promise<Picture> {
  const { source, frame, map, options } = input;
  const shape = [source.width, source.height] as const;
  const { memory, missing } = roomFor(input, blockBytes(source, side));
  const blocks = blockMeans(source, side, memory);
  const gray = new Uint8Array(size[0] * size[1]);
  const hasValues = await fillLevels(input, {
    ...bandsOfBlocks(source, side),
    isDownwards: false,
    out: blocks,
    ...(missing !== undefined && { missing }),
  });
  if (hasValues) drawThumbnail(blocks, source, map, shape, size, gray);
  return finishPicture(gray, size, shape, frame, options);
}

/** Most pixels of a band that is enlarged to end with a tile and a block. */
const LARGE_BAND = 2 ** 22;

/**
 * Bands that end with tiles and, unless that makes them too large, also with rows of blocks: only
 * then can several threads share the work.
 */
function bandsOfBlocks(
  { width, bandRows, tileRows }: FrameSource,
  side: number,
): Pick<LevelSteps, "bandRows" | "isShareable"> {
  let together = side;
  while (together % tileRows !== 0 && together * width <= LARGE_BAND) together += side;
  if (together % tileRows !== 0) return { bandRows, isShareable: false };
  return { bandRows: together * Math.max(1, Math.round(bandRows / together)), isShareable: true };
}

/**
 * Memory of `length` bytes, and a bit for each pixel of the source, all 0, where several threads
 * mark missing values.
 */
function roomFor(
  input: FramePictureInput,
  length: number,
): { readonly memory: Uint8Array; readonly missing?: Uint8Array } {
  const { width, height } = input.source;
  const bits = input.help !== undefined && asksForMissing(input) ? bytesOfBits(width * height) : 0;
  const all = input.memory?.(length + bits) ?? new Uint8Array(length + bits);
  const memory = all.subarray(0, length);
  return bits === 0 ? { memory } : { memory, missing: all.subarray(length, length + bits).fill(0) };
}

/** Whether missing values matter, and are possible. */
function asksForMissing({ source, options }: FramePictureInput): boolean {
  return !source.complete && needsCounts(options);
}

async function fullPicture(input: FramePictureInput, size: readonly [number, number]): Promise<Picture> {
  const { source, frame, map, options, checkpoint } = input;
  const { width, height } = source;
  const shape = [width, height] as const;
  const whole = size[0] === width && size[1] === height;
  const channels = (options.colormap ?? "gray") === "gray" ? 1 : 3;
  const pixels = width * height;
  const length = whole ? pixels : size[0] * size[1];
  // grey levels of the source first, those of the picture last: colouring starts at the front, over
  // data that are no longer needed
  const needed = whole ? Math.max(2, channels) * pixels : pixels + length * channels;
  const { memory, missing } = roomFor(input, needed);
  const bytes = memory.subarray(0, pixels);
  const gray = memory.subarray(memory.length - length);
  const finished = () =>
    finishPicture(gray, size, shape, frame, options, memory.subarray(memory.length - length * channels));
  const isBare = whole && channels === 1 && (options.zoom ?? 1) === 1 && (options.marks ?? []).length === 0;
  const rowsDone = isBare ? input.rowsDone : undefined;
  const unfinished = rowsDone && finished();
  const reportRows = async (rows: number) => {
    if (unfinished !== undefined) await rowsDone?.(unfinished, rows);
  };
  const rowsAnew = () => {
    const move = nearestResampler(map, bytes, source, width);
    if (whole) {
      return new PictureRows(map, source, (top) =>
        move(height - 1 - top, gray.subarray(top * width, (top + 1) * width)),
      );
    }
    const reducer = new AreaReducer(shape, size, gray);
    const line = new Uint8Array(width);
    return new PictureRows(map, source, (top) => {
      move(height - 1 - top, line);
      reducer.add(line);
    });
  };
  let rows = rowsAnew();
  const begin = async () => {
    if (rows.drawn === 0) return;
    rows = rowsAnew();
    await reportRows(0);
  };
  const hasValues = await fillLevels(input, {
    bandRows: source.bandRows,
    isShareable: true,
    ...(missing !== undefined && { missing }),
    isDownwards: source.bandRows < height && rows.isDownwards,
    out: bytes,
    begin,
    filled: async (start, count) => {
      const before = rows.drawn;
      rows.add(start, count, checkpoint);
      if (rows.drawn > before) await reportRows(rows.drawn);
    },
  });
  if (!hasValues) {
    await begin();
    gray.fill(0);
    await reportRows(height);
  }
  return unfinished ?? finished();
}

/**
 * Destination of the source's grey levels, and what to do as they arrive, band by band; all of it
 * is repeated if the first guess of the levels was wrong.
 */
interface LevelSteps extends Pick<LevelJob, "bandRows" | "isDownwards" | "out" | "missing"> {
  /** Whether several threads may take bands. */
  readonly isShareable: boolean;
  begin?(): Promise<void>;
  /** Called when rows start .. start+count-1 are present. */
  filled?(start: number, count: number): Promise<void>;
}

/**
 * Quantizes the source to grey levels, twice if the first guess of the levels was wrong; false when
 * it has no finite value.
 */
async function fillLevels(input: FramePictureInput, steps: LevelSteps): Promise<boolean> {
  const { source, map, options, checkpoint } = input;
  const levels = await frameLevels(source, map, options, checkpoint);
  const pixels = source.width * source.height;
  const missing = asksForMissing(input) ? new MissingPixels(pixels, steps.missing) : undefined;
  const guessed = levels ?? { vmin: 0, vmax: 1 };
  const count = await fillBands(input, guessed, steps, missing);
  if (missing === undefined || count === 0) return levels !== undefined;
  if (count === pixels) return false;
  // the sample assumed that every pixel has a value
  const right = await frameLevels(source, map, options, checkpoint, missing);
  if (right === undefined) return false;
  if (right.vmin === guessed.vmin && right.vmax === guessed.vmax) return true;
  await fillBands(input, right, steps);
  return true;
}

/**
 * Quantizes all bands to grey levels, together with any helper. Returns the number of pixels
 * without a value.
 */
async function fillBands(
  { source, options, checkpoint, help }: FramePictureInput,
  levels: Levels,
  { begin, filled, missing: bits, isShareable, ...steps }: LevelSteps,
  missing?: MissingPixels,
): Promise<number> {
  const job = levelJob(
    source,
    { ...steps, levels, options, ...(missing !== undefined && bits !== undefined && { missing: bits }) },
    help !== undefined,
  );
  await begin?.();
  const helped = isShareable && bandsOf(job) > 1 ? help?.(job) : undefined;
  // its failure surfaces when it is awaited
  helped?.catch(() => undefined);
  let reported = 0;
  const report = async () => {
    for (; reported < bandsOf(job) && isThere(job, reported); reported++) {
      const { start, count } = rowsOfBand(job, source, reported);
      await filled?.(start, count);
    }
  };
  try {
    await takeBands(source, job, checkpoint, missing, report);
  } finally {
    endJob(job);
    // once all bands are present, no thread writes into the memory of the picture any more
    if (reported < bandsOf(job)) await helped?.catch(() => undefined);
  }
  await report();
  if (reported < bandsOf(job)) {
    await helped;
    throw new Error("a band was taken and not made");
  }
  return missingCount(job);
}
