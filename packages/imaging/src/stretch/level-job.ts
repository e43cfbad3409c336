import type { FrameSource } from "../frame/frame-source.ts";
import type { RowRange } from "../frame/source-rows.ts";
import type { Levels } from "../interval/zscale.ts";
import { addMeans, type BlockMeans } from "../resample/block-means.ts";
import { levelBands, MissingPixels } from "./level-bands.ts";
import { LevelRows } from "./level-rows.ts";
import { isLinear, type StretchOptions } from "./stretch.ts";

/** Indices of the fields of `progress`. */
const TAKEN = 0;
const MISSING = 1;
const FIRST_BAND = 2;

/**
 * The quantization of a frame to grey levels, band by band, by one or more threads. Plain data:
 * over shared memory it can be sent to a thread.
 */
export interface LevelJob {
  readonly levels: Levels;
  readonly options: StretchOptions;
  readonly bandRows: number;
  /** Whether the last band is taken first. */
  readonly isDownwards: boolean;
  /** Destination of the levels of all rows, or of the means of blocks of them. */
  readonly out: Uint8Array | BlockMeans;
  /**
   * Number of bands taken, number of pixels without a value in them, and then, for each band in the
   * order in which they are taken, whether it is present.
   */
  readonly progress: Int32Array;
  /** The pixels without a value, one bit each, when they matter and several threads mark them. */
  readonly missing?: Uint8Array;
}

/**
 * A new job for a frame.
 * @param isShared whether several threads may take part
 */
export function levelJob(
  { height }: FrameSource,
  job: Omit<LevelJob, "progress">,
  isShared: boolean,
): LevelJob {
  const bytes = 4 * (FIRST_BAND + Math.ceil(height / job.bandRows));
  const memory = isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  return { ...job, progress: new Int32Array(memory) };
}

/** Number of bands of a job. */
export function bandsOf({ progress }: LevelJob): number {
  return progress.length - FIRST_BAND;
}

/** Whether a band, counted in the order in which they are taken, is present. */
export function isThere({ progress }: LevelJob, band: number): boolean {
  return Atomics.load(progress, FIRST_BAND + band) !== 0;
}

/** Number of pixels without a value in the bands that are present. */
export function missingCount({ progress }: LevelJob): number {
  return Atomics.load(progress, MISSING);
}

/** Stops all threads from taking another band. */
export function endJob(job: LevelJob): void {
  Atomics.store(job.progress, TAKEN, bandsOf(job));
}

/** The rows of a band, counted in the order in which they are taken. */
export function rowsOfBand(job: LevelJob, { height }: FrameSource, band: number): RowRange {
  const { bandRows, isDownwards } = job;
  const start = bandRows * (isDownwards ? bandsOf(job) - 1 - band : band);
  return { start, count: Math.min(bandRows, height - start) };
}

/**
 * Takes bands of a job as long as there are any, and quantizes them. Returns the number of bands it
 * took. Errors: those of the source.
 * @param checkpoint called before each band; an exception ends the work
 * @param missing records pixels without a value
 * @param taken called and awaited after each band
 */
export async function takeBands(
  source: FrameSource,
  job: LevelJob,
  checkpoint: () => void,
  missing?: MissingPixels,
  taken?: () => Promise<void>,
): Promise<number> {
  const { levels, options, out, progress } = job;
  const { width } = source;
  const fill = levelBands(source, levels, options);
  const band = out instanceof Uint8Array ? undefined : new Uint8Array(job.bandRows * width);
  const { quantized } = source;
  const direct = quantized && isLinear(options) ? new LevelRows(levels, quantized.isSingle) : undefined;
  let isDirect = direct !== undefined;
  let done = 0;
  for (let k = Atomics.add(progress, TAKEN, 1); k < bandsOf(job); k = Atomics.add(progress, TAKEN, 1)) {
    checkpoint();
    const { start, count: rows } = rowsOfBand(job, source, k);
    const pixels =
      out instanceof Uint8Array
        ? out.subarray(start * width, (start + rows) * width)
        : band!.subarray(0, rows * width);
    // a frame with one band of another kind has more of them
    isDirect &&= await quantized!.read(start, rows, direct!.into(pixels));
    if (!isDirect) {
      const count = fill(await source.rows(start, rows), start * width, pixels, missing);
      Atomics.add(progress, MISSING, count);
    }
    if (!(out instanceof Uint8Array)) addMeans(out, source, start, pixels);
    Atomics.store(progress, FIRST_BAND + k, 1);
    done++;
    await taken?.();
  }
  return done;
}

/** The record of pixels without a value that another thread uses in a job. */
export function missingOf({ missing }: LevelJob, { width, height }: FrameSource): MissingPixels | undefined {
  return missing && new MissingPixels(width * height, missing);
}
