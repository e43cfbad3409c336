import type { FrameSource } from "../frame/frame-source.ts";
import { frameLevels, needsCounts } from "../interval/frame-levels.ts";
import type { Levels } from "../interval/zscale.ts";
import type { PlacedPicture } from "../render/picture.ts";
import { type BandJob, bandJob, rowsOfBand, takeBands } from "./band-job.ts";
import { BandProgress } from "./band-progress.ts";
import { MissingPixels } from "./missing-pixels.ts";

/**
 * Destination of the source's grey levels, and what to do as they arrive, band by band; all of it
 * is repeated if the first guess of the levels was wrong.
 */
interface StretchedBands extends Pick<BandJob, "bandRows" | "isDownwards" | "out" | "missing"> {
  /** Whether several threads may take bands. */
  readonly isShareable: boolean;
  begin?(): Promise<void>;
  /** Called when rows start .. start+count-1 are present. */
  filled?(start: number, count: number): Promise<void>;
}

/**
 * Finds the interval of a frame from a sample, and decodes and stretches its bands to grey levels:
 * twice if the first guess of the interval was wrong. False when the frame has no finite value.
 */
export async function stretchBands(input: PlacedPicture, steps: StretchedBands): Promise<boolean> {
  const { source, map, options, checkpoint = () => undefined } = input;
  const levels = await frameLevels(source, map, options, checkpoint);
  const pixels = source.width * source.height;
  const missing = marksMissing(input) ? new MissingPixels(pixels, steps.missing) : undefined;
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
 * Decodes and stretches all bands, together with any helper. Returns the number of pixels
 * without a value.
 */
async function fillBands(
  { source, options, checkpoint = () => undefined, help }: PlacedPicture,
  levels: Levels,
  { begin, filled, missing: bits, isShareable, ...steps }: StretchedBands,
  missing?: MissingPixels,
): Promise<number> {
  const job = bandJob(
    source,
    { ...steps, levels, options, ...(missing !== undefined && bits !== undefined && { missing: bits }) },
    help !== undefined,
  );
  const progress = new BandProgress(job.progress);
  const { bands } = progress;
  await begin?.();
  const helped = isShareable && bands > 1 ? help?.(job) : undefined;
  // a failure surfaces when it is awaited
  helped?.catch(() => undefined);
  let reported = 0;
  const report = async () => {
    for (; reported < bands && progress.isPresent(reported); reported++) {
      const { start, count } = rowsOfBand(job, source, reported);
      await filled?.(start, count);
    }
  };
  try {
    await takeBands(source, job, { checkpoint, missing, taken: report });
  } finally {
    progress.stop();
    // once all bands are present, no thread writes to the memory of the picture any more
    if (reported < bands) await helped?.catch(() => undefined);
  }
  await report();
  if (reported < bands) {
    await helped;
    throw new Error("a band was taken but never finished");
  }
  return progress.missing;
}

/** Most pixels of a band that is enlarged to end with a tile and a block. */
const LARGE_BAND = 2 ** 22;

/**
 * Bands that end with tiles and, unless that makes them too large, also with rows of blocks: only
 * then can several threads share the work.
 */
export function bandsOfBlocks(
  { width, bandRows, tileRows }: FrameSource,
  side: number,
): Pick<StretchedBands, "bandRows" | "isShareable"> {
  let together = side;
  while (together % tileRows !== 0 && together * width <= LARGE_BAND) together += side;
  if (together % tileRows !== 0) return { bandRows, isShareable: false };
  return { bandRows: together * Math.max(1, Math.round(bandRows / together)), isShareable: true };
}

/** Whether pixels without a value are possible and matter for the interval. */
export function marksMissing({ source, options }: PlacedPicture): boolean {
  return !source.complete && needsCounts(options);
}
