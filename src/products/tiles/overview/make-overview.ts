import type { ImageDescription } from "@sbnsis/fits";
import { BandProgress, type FrameSource } from "@sbnsis/imaging";
import { frameMemory } from "../../make/reused-memory.ts";
import { holdMemory } from "../../threads/task-memory.ts";
import { halved } from "../block-sums.ts";
import { rowOfTiles } from "../row-of-tiles.ts";
import { tileFileParts } from "../tile-file.ts";
import { coarsestLevel, firstOverviewLevel, TILE_SIDE } from "../tile-grid.ts";
import { rowReader } from "../tile-rows.ts";
import { frameStatistics } from "./frame-statistics.ts";
import { type OverviewJob, overviewJob, overviewMemory, takeOverviewBands } from "./overview-job.ts";

/** Has another thread take bands of a job; resolves to the number of bands that it took. */
export type OverviewHelp = (job: OverviewJob) => Promise<number>;

/**
 * The parts of an overview: the coarse levels of a frame, with its cuts and its histogram. Errors:
 * FITS_*, MEMORY_EXCEEDED, CANCELLED, those of the source.
 */
export async function makeOverview(
  frame: FrameSource,
  image: ImageDescription,
  checkpoint: () => void,
  help?: OverviewHelp,
): Promise<readonly Uint8Array[]> {
  const size = [frame.width, frame.height] as const;
  const { complete, zero, scale } = rowReader(frame, image);
  const bytes = overviewMemory(frame);
  const { job, isShareable } = overviewJob(frame, complete, frameMemory(bytes));
  // the coarser levels and the tiles; values for the statistics, in order
  holdMemory("used for the overview of an image", 2 * bytes);
  await collect(frame, image, job, checkpoint, isShareable ? help : undefined);
  const tiles: Uint8Array[] = [];
  let level = job.blocks;
  for (let k = firstOverviewLevel(size); k <= coarsestLevel(size); k++) {
    if (k > firstOverviewLevel(size)) level = halved(level);
    checkpoint();
    for (let y = 0; y < level.height; y += TILE_SIDE)
      tiles.push(...rowOfTiles(level, y, Math.min(TILE_SIDE, level.height - y), { zero, scale }, false));
  }
  checkpoint();
  const { missing } = new BandProgress(job.progress);
  const ends = job.extremes.filter(Number.isFinite).sort();
  const statistics = frameStatistics(job.sample, [ends[0]!, ends.at(-1)!], missing > 0);
  return tileFileParts(statistics, tiles);
}

/** Takes all bands of a job, together with any helper. */
async function collect(
  frame: FrameSource,
  image: ImageDescription,
  job: OverviewJob,
  checkpoint: () => void,
  help: OverviewHelp | undefined,
): Promise<void> {
  const progress = new BandProgress(job.progress);
  const helped = help?.(job);
  // its failure surfaces when it is awaited
  helped?.catch(() => undefined);
  const isWhole = () => {
    for (let band = 0; band < progress.bands; band++) if (!progress.isPresent(band)) return false;
    return true;
  };
  try {
    await takeOverviewBands(frame, image, job, checkpoint);
  } finally {
    progress.stop();
    if (!isWhole()) await helped?.catch(() => undefined);
  }
  if (isWhole()) return;
  await helped;
  throw new Error("a band was taken, but not finished");
}
