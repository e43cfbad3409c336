import type { FrameSource } from "../frame/frame-source.ts";
import type { RowRange } from "../frame/source-rows.ts";
import type { Levels } from "../interval/zscale.ts";
import { addMeans, type BlockMeans } from "../resample/block-means.ts";
import { BandProgress } from "./band-progress.ts";
import { levelBands } from "./level-bands.ts";
import { LevelRows } from "./level-rows.ts";
import { MissingPixels } from "./missing-pixels.ts";
import { isLinear, type StretchOptions } from "./stretch.ts";

/**
 * The stretch of a frame to grey levels, band by band, by one or more threads. Plain data: over
 * shared memory it can be sent to a thread.
 */
export interface BandJob {
  readonly levels: Levels;
  readonly options: StretchOptions;
  readonly bandRows: number;
  /** Whether the last band is taken first. */
  readonly isDownwards: boolean;
  /** Destination of the levels of all rows, or of the means of blocks of them. */
  readonly out: Uint8Array | BlockMeans;
  /** Memory of the BandProgress. */
  readonly progress: ArrayBufferLike;
  /** The pixels without a value, one bit each, when they matter and several threads mark them. */
  readonly missing?: Uint8Array;
}

/**
 * A new job for a frame.
 * @param isShared whether several threads may take part
 */
export function bandJob(
  { height }: Pick<FrameSource, "height">,
  job: Omit<BandJob, "progress">,
  isShared: boolean,
): BandJob {
  return { ...job, progress: BandProgress.memoryFor(Math.ceil(height / job.bandRows), isShared) };
}

/** The rows of a band, counted in the order in which they are taken. */
export function rowsOfBand(
  { bandRows, isDownwards }: BandJob,
  { height }: Pick<FrameSource, "height">,
  band: number,
): RowRange {
  const start = bandRows * (isDownwards ? Math.ceil(height / bandRows) - 1 - band : band);
  return { start, count: Math.min(bandRows, height - start) };
}

/** What a thread does besides its bands. */
export interface TakingBands {
  /** Called before each band; an exception ends the work. */
  readonly checkpoint: () => void;
  /** Record of the pixels without a value; defaults to that of a job that several threads share. */
  readonly missing?: MissingPixels | undefined;
  /** Called and awaited after each band. */
  readonly taken?: () => Promise<void>;
}

/**
 * Takes bands of a job until none is left, decodes them and stretches them to grey levels. Returns
 * the number of bands it took. Errors: those of the source.
 */
export async function takeBands(
  source: FrameSource,
  job: BandJob,
  { checkpoint, missing = sharedRecord(job, source), taken }: TakingBands,
): Promise<number> {
  const { levels, options, out } = job;
  const { width, quantized } = source;
  const progress = new BandProgress(job.progress);
  const stretch = levelBands(source, levels, options);
  const band = out instanceof Uint8Array ? undefined : new Uint8Array(job.bandRows * width);
  const direct = quantized && isLinear(options) ? new LevelRows(levels, quantized.isSingle) : undefined;
  let isDirect = direct !== undefined;
  let done = 0;
  for (let k = progress.take(); k !== undefined; k = progress.take()) {
    checkpoint();
    const { start, count: rows } = rowsOfBand(job, source, k);
    const pixels =
      out instanceof Uint8Array
        ? out.subarray(start * width, (start + rows) * width)
        : band!.subarray(0, rows * width);
    // if one band of a frame is of another kind, more of them are
    isDirect &&= await quantized!.read(start, rows, direct!.into(pixels));
    const count = isDirect ? 0 : stretch(await source.rows(start, rows), start * width, pixels, missing);
    if (!(out instanceof Uint8Array)) addMeans(out, source, start, pixels);
    progress.add(k, count);
    done++;
    await taken?.();
  }
  return done;
}

function sharedRecord({ missing }: BandJob, { width, height }: FrameSource): MissingPixels | undefined {
  return missing && new MissingPixels(width * height, missing);
}
