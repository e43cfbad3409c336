/** Side of a tile, pixels. */
export const TILE_SIDE = 256;

/** Coarser levels are made together, once per frame; finer ones in bands of one row of tiles. */
const FIRST_OVERVIEW_LEVEL = 3;

/** Increased whenever tiles of the same image would have other bytes than before. */
export const TILE_FORMAT = 2;

type Size = readonly [width: number, height: number];

/** Number of the coarsest level: the first that fits into one tile. */
export function coarsestLevel([width, height]: Size): number {
  let level = 0;
  while (Math.max(width, height) > TILE_SIDE * 2 ** level) level++;
  return level;
}

/** Level from which on tiles are part of the overview. */
export function firstOverviewLevel(size: Size): number {
  return Math.min(FIRST_OVERVIEW_LEVEL, coarsestLevel(size));
}

/** Size of a level, pixels: blocks at the right and the upper edge are smaller. */
export function levelSize([width, height]: Size, level: number): Size {
  return [Math.ceil(width / 2 ** level), Math.ceil(height / 2 ** level)];
}

/** Columns and rows of tiles of a level. */
export function tileCounts(size: Size, level: number): Size {
  const [width, height] = levelSize(size, level);
  return [Math.ceil(width / TILE_SIDE), Math.ceil(height / TILE_SIDE)];
}
