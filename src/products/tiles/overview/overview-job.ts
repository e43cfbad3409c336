import type { ImageDescription } from "@sbnsis/fits";
import { BandProgress, bandsOfBlocks, type FrameSource } from "@sbnsis/imaging";
import { addRows, type BlockSums, emptySums, sumsBytes } from "../block-sums.ts";
import { firstOverviewLevel } from "../tile-grid.ts";
import { rowReader } from "../tile-rows.ts";
import { emptySample, type FrameSample, sampleBytes, sampleRows } from "./frame-statistics.ts";

/**
 * What one or more threads collect of a whole frame for its overview, band by band. Plain data over
 * shared memory.
 */
export interface OverviewJob {
  readonly kind: "overview";
  readonly blocks: BlockSums;
  readonly sample: FrameSample;
  /** Least and greatest value of each band, infinities without any. */
  readonly extremes: Float64Array;
  readonly bandRows: number;
  /** Memory of the BandProgress. */
  readonly progress: ArrayBufferLike;
}

/** The bands of the overview of a frame, and whether several threads may take them. */
function overviewBands(frame: FrameSource) {
  const level = firstOverviewLevel([frame.width, frame.height]);
  const { bandRows, isShareable } = bandsOfBlocks(frame, 2 ** level);
  const bands = Math.ceil(frame.height / bandRows);
  return { side: 2 ** level, bands, bandRows, isShareable: isShareable && bands > 1 };
}

/** Bytes of the memory of a job. */
export function overviewMemory(frame: FrameSource): number {
  const { side, bands } = overviewBands(frame);
  const size = [frame.width, frame.height] as const;
  return round8(sumsBytes(size, side)) + sampleBytes(...size) + 16 * bands;
}

/**
 * A job for a frame, and whether several threads may take its bands.
 * @param memory of overviewMemory with any content, from a multiple of 8 bytes
 */
export function overviewJob(
  frame: FrameSource,
  complete: boolean,
  memory: Uint8Array,
): { readonly job: OverviewJob; readonly isShareable: boolean } {
  const { side, bands, bandRows, isShareable } = overviewBands(frame);
  const size = [frame.width, frame.height] as const;
  const sampleAt = round8(sumsBytes(size, side));
  const extremesAt = sampleAt + sampleBytes(...size);
  const job: OverviewJob = {
    kind: "overview",
    blocks: emptySums(size, side, complete, memory),
    sample: emptySample(...size, memory.subarray(sampleAt)),
    extremes: new Float64Array(memory.buffer, memory.byteOffset + extremesAt, 2 * bands),
    bandRows,
    progress: BandProgress.memoryFor(bands, true),
  };
  return { job, isShareable };
}

function round8(bytes: number): number {
  return 8 * Math.ceil(bytes / 8);
}

/**
 * Takes bands of a job as long as there are any, decodes them and collects what is wanted of them.
 * Returns the number of bands it took. Errors: those of the source.
 */
export async function takeOverviewBands(
  frame: FrameSource,
  image: ImageDescription,
  { blocks, sample, extremes, bandRows, progress: memory }: OverviewJob,
  checkpoint: () => void,
): Promise<number> {
  const { width, height } = frame;
  const progress = new BandProgress(memory);
  const reader = rowReader(frame, image);
  const { zero, scale } = reader;
  let taken = 0;
  for (let band = progress.take(); band !== undefined; band = progress.take()) {
    checkpoint();
    const y = band * bandRows;
    const count = Math.min(bandRows, height - y);
    const rows = await reader.read(y, count);
    const { least, most, missing } = addRows(blocks, rows, y, count);
    extremes[2 * band] = zero + scale * least;
    extremes[2 * band + 1] = zero + scale * most;
    sampleRows(sample, width, rows.numbers, [y, count], reader);
    progress.add(band, missing);
    taken++;
  }
  return taken;
}
