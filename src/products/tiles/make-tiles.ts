import type { ByteSource } from "@sbnsis/fits";
import type { FrameSource } from "@sbnsis/imaging";
import type { CachedFile } from "../cache/product-cache.ts";
import { frameBands } from "../make/frame-bands.ts";
import { scratchSums } from "../make/reused-memory.ts";
import { writeProduct } from "../make/write-product.ts";
import { holdMemory } from "../threads/task-memory.ts";
import { addRows, emptySums, sumsBytes } from "./block-sums.ts";
import type { StoredPixels } from "./encode-tile.ts";
import { makeOverview, type OverviewHelp } from "./overview/make-overview.ts";
import { rowOfTiles, storedTiles } from "./row-of-tiles.ts";
import { tileFileParts } from "./tile-file.ts";
import { TILE_SIDE } from "./tile-grid.ts";
import type { BandPlan, TilePlan } from "./tile-plan.ts";
import { rowReader } from "./tile-rows.ts";

/**
 * Executes the plan of an overview or of a band of tiles. Errors: FITS_*, MEMORY_EXCEEDED,
 * CANCELLED, those of the source.
 *
 * @param help another thread that takes bands of an overview
 */
export async function makeTiles(
  source: ByteSource,
  plan: TilePlan,
  path: string,
  checkpoint: () => void,
  help?: OverviewHelp,
): Promise<CachedFile> {
  const frame = frameBands(source, plan.image, checkpoint);
  const parts =
    plan.kind === "overview"
      ? await makeOverview(frame, plan.image, checkpoint, help)
      : await makeBand(frame, plan, checkpoint);
  return writeProduct(path, parts);
}

async function makeBand(
  frame: FrameSource,
  { image, level, row, exact }: BandPlan,
  checkpoint: () => void,
): Promise<readonly Uint8Array[]> {
  const { width, height, bandRows } = frame;
  const side = 2 ** level;
  const start = row * TILE_SIDE * side;
  const end = Math.min(height, start + TILE_SIDE * side);
  const isInteger = image.bitpix > 0 && image.bitpix < 64;
  if (level === 0 && isInteger) {
    const stored = (await frame.rows(start, end - start)) as StoredPixels["stored"];
    return tileFileParts({}, storedTiles(stored, width, end - start, image));
  }
  const covered = [width, end - start] as const;
  const bytes = sumsBytes(covered, side);
  holdMemory("used for a band of tiles", bytes);
  const reader = rowReader(frame, image);
  const blocks = emptySums(covered, side, reader.complete, scratchSums(bytes));
  for (let y = start; y < end; ) {
    // whole bands, which are whole rows of the file's tiles, decode no row twice
    const count = Math.min(end, (Math.floor(y / bandRows) + 1) * bandRows) - y;
    addRows(blocks, await reader.read(y, count), y - start, count);
    y += count;
  }
  checkpoint();
  return tileFileParts({}, rowOfTiles(blocks, 0, blocks.height, reader, exact));
}
