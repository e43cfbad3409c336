import type { ByteSource, ImageDescription } from "@sbnsis/fits";
import type { FrameSource } from "@sbnsis/imaging";
import type { CachedFile } from "../cache/product-cache.ts";
import { frameBands } from "../make/frame-bands.ts";
import { writeProduct } from "../make/write-product.ts";
import { holdMemory } from "../threads/task-memory.ts";
import { BlockSums } from "./block-sums.ts";
import { encodeStored, encodeValues, type StoredPixels } from "./encode-tile.ts";
import { StatisticsOfRows } from "./frame-statistics.ts";
import { tileFileParts } from "./tile-file.ts";
import { coarsestLevel, firstOverviewLevel, levelSize, TILE_SIDE } from "./tile-grid.ts";
import type { BandPlan, TilePlan } from "./tile-plan.ts";
import { type NumberRows, type RowReader, rowReader } from "./tile-rows.ts";

/** A level as sums over blocks and the number of pixels with a value in each. */
interface Level {
  readonly width: number;
  readonly height: number;
  readonly sums: Float64Array;
  readonly counts: Uint32Array;
}

/**
 * Executes the plan of an overview or of a band of tiles. Errors: FITS_*, MEMORY_EXCEEDED,
 * CANCELLED, those of the source.
 */
export async function makeTiles(
  source: ByteSource,
  plan: TilePlan,
  path: string,
  checkpoint: () => void,
): Promise<CachedFile> {
  const frame = frameBands(source, plan.image, checkpoint);
  return plan.kind === "overview"
    ? makeOverview(frame, plan.image, path, checkpoint)
    : makeBand(frame, plan, path, checkpoint);
}

async function makeOverview(
  frame: FrameSource,
  image: ImageDescription,
  path: string,
  checkpoint: () => void,
): Promise<CachedFile> {
  const { width, height } = frame;
  const first = firstOverviewLevel([width, height]);
  const last = coarsestLevel([width, height]);
  const [columns, rows] = levelSize([width, height], first);
  // sums, counts, and both again for the coarser levels and the sample of values
  holdMemory("used for the overview of an image", 24 * columns * rows + 2 ** 24);
  const statistics = new StatisticsOfRows(width, height);
  const level: Level = {
    width: columns,
    height: rows,
    sums: new Float64Array(columns * rows),
    counts: new Uint32Array(columns * rows),
  };
  const reader = rowReader(frame, image);
  const { zero, scale } = reader;
  await eachBlockRow(frame, reader, 2 ** first, 0, height, {
    row: (y, { numbers, complete }, at) => statistics.add(y, numbers, at, complete, zero, scale),
    blocks: (row, { sums, counts }) => {
      level.sums.set(sums, row * columns);
      level.counts.set(counts, row * columns);
    },
  });
  const tiles: Uint8Array[] = [];
  let current = level;
  for (let k = first; k <= last; k++) {
    if (k > first) current = halved(current);
    checkpoint();
    tiles.push(...tilesOf(current, reader));
  }
  return writeProduct(path, tileFileParts(statistics.finish(), tiles));
}

/** Calls `row` with each row of the image, and `blocks` with each row of blocks. */
async function eachBlockRow(
  frame: FrameSource,
  reader: RowReader,
  side: number,
  start: number,
  end: number,
  visit: {
    readonly row?: (y: number, rows: NumberRows, at: number) => void;
    readonly blocks: (row: number, sums: BlockSums) => void;
  },
): Promise<void> {
  const { width, bandRows } = frame;
  const sums = new BlockSums(width, side);
  for (let y = start; y < end; ) {
    // whole bands, which are whole rows of the file's tiles, decode no row twice
    const count = Math.min(end, (Math.floor(y / bandRows) + 1) * bandRows) - y;
    const rows = await reader.read(y, count);
    const { numbers, complete } = rows;
    for (let i = 0; i < count; i++, y++) {
      if (complete) sums.addComplete(numbers, i * width);
      else sums.addFinite(numbers, i * width);
      visit.row?.(y, rows, i * width);
      if ((y + 1) % side === 0 || y + 1 === end) {
        visit.blocks(Math.floor((y - start) / side), sums);
        sums.clear();
      }
    }
  }
}

/** The next coarser level. */
function halved({ width, height, sums, counts }: Level): Level {
  const next = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const level: Level = {
    ...next,
    sums: new Float64Array(next.width * next.height),
    counts: new Uint32Array(next.width * next.height),
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y >> 1) * next.width + (x >> 1);
      level.sums[to]! += sums[y * width + x]!;
      level.counts[to]! += counts[y * width + x]!;
    }
  }
  return level;
}

/** The tiles of a level, row by row from the lower left. */
function tilesOf({ width, height, sums, counts }: Level, { zero, scale }: RowReader): readonly Uint8Array[] {
  const means = new Float64Array(sums.length);
  for (let i = 0; i < means.length; i++) {
    means[i] = counts[i] === 0 ? Number.NaN : zero + (scale * sums[i]!) / counts[i]!;
  }
  const tiles: Uint8Array[] = [];
  for (let y = 0; y < height; y += TILE_SIDE) {
    tiles.push(...rowOfTiles(means, y * width, width, Math.min(TILE_SIDE, height - y), false));
  }
  return tiles;
}

/** Cuts a row of tiles from values in rows of `width`, the first of which begins at `at`. */
function rowOfTiles(
  values: Float64Array,
  at: number,
  width: number,
  height: number,
  exact: boolean,
): readonly Uint8Array[] {
  return pieces(width).map(([x, side]) => {
    const part = new Float64Array(side * height);
    for (let y = 0; y < height; y++) {
      const from = at + y * width + x;
      part.set(values.subarray(from, from + side), y * side);
    }
    return encodeValues({ width: side, height, values: part, exact });
  });
}

/** Where the tiles of a row begin, and how wide they are. */
function pieces(width: number): readonly (readonly [x: number, side: number])[] {
  return Array.from({ length: Math.ceil(width / TILE_SIDE) }, (_, i) => [
    i * TILE_SIDE,
    Math.min(TILE_SIDE, width - i * TILE_SIDE),
  ]);
}

async function makeBand(
  frame: FrameSource,
  { image, level, row, exact }: BandPlan,
  path: string,
  checkpoint: () => void,
): Promise<CachedFile> {
  const { width, height } = frame;
  const side = 2 ** level;
  const start = row * TILE_SIDE * side;
  const end = Math.min(height, start + TILE_SIDE * side);
  const isInteger = image.bitpix > 0 && image.bitpix < 64;
  if (level === 0 && isInteger) {
    const stored = (await frame.rows(start, end - start)) as StoredPixels["stored"];
    return writeProduct(path, tileFileParts({}, storedTiles(stored, width, end - start, image)));
  }
  const columns = Math.ceil(width / side);
  const rows = Math.ceil((end - start) / side);
  holdMemory("used for a band of tiles", 16 * columns * rows);
  const means = new Float64Array(columns * rows);
  const reader = rowReader(frame, image);
  const { zero, scale } = reader;
  await eachBlockRow(frame, reader, side, start, end, {
    blocks: (line, { sums, counts }) => {
      for (let i = 0; i < columns; i++) {
        const count = counts[i]!;
        means[line * columns + i] = count === 0 ? Number.NaN : zero + (scale * sums[i]!) / count;
      }
    },
  });
  checkpoint();
  return writeProduct(path, tileFileParts({}, rowOfTiles(means, 0, columns, rows, exact)));
}

/** Tiles of the integers of a file, exactly as they are stored. */
function storedTiles(
  stored: StoredPixels["stored"],
  width: number,
  height: number,
  { bzero: zero, bscale: scale, blank: written }: ImageDescription,
): readonly Uint8Array[] {
  const blank = written === undefined ? undefined : Number(written);
  return pieces(width).map(([x, side]) => {
    const part = stored.slice(0, side * height);
    for (let y = 0; y < height; y++) {
      part.set(stored.subarray(y * width + x, y * width + x + side), y * side);
    }
    return encodeStored({ width: side, height, stored: part, zero, scale, blank });
  });
}
