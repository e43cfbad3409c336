import type { PlaneBox } from "./camera.ts";

/** A level of a pyramid of tiles: each of its pixels is the mean of 2^level x 2^level pixels. */
interface TileLevel {
  readonly level: number;
  readonly width: number;
  readonly height: number;
}

/** A pyramid of tiles of a frame. */
export interface TilePyramid {
  readonly width: number;
  readonly height: number;
  /** Side of a tile, pixels of its level. */
  readonly tile: number;
  /** From the finest, level 0. */
  readonly levels: readonly TileLevel[];
}

/** A tile; column and row from 0 at the lower left. */
export interface TileAddress {
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

/** A key for maps. */
export function tileKey({ level, column, row }: TileAddress): string {
  return `${level}/${column}/${row}`;
}

/**
 * The level whose pixels are nearest in size to those of the screen.
 * @param scale pixels of the frame per device pixel
 */
export function levelFor({ levels }: TilePyramid, scale: number): number {
  return Math.min(levels.length - 1, Math.max(0, Math.round(Math.log2(scale))));
}

/** The pixels of the frame under a tile, as a box of their outer edges; the last ones are cut. */
export function tileBox({ tile, width, height }: TilePyramid, { level, column, row }: TileAddress): PlaneBox {
  const side = tile * 2 ** level;
  return {
    u0: column * side - 0.5,
    v0: row * side - 0.5,
    u1: Math.min(width, (column + 1) * side) - 0.5,
    v1: Math.min(height, (row + 1) * side) - 0.5,
  };
}

/**
 * The tiles of a level under a box of the frame (pixels from 0), those nearest to its middle
 * first, with `ring` more on each side.
 */
export function tilesUnder(
  pyramid: TilePyramid,
  level: number,
  box: PlaneBox,
  ring = 0,
): readonly TileAddress[] {
  const side = pyramid.tile * 2 ** level;
  const { width, height } = pyramid.levels[level]!;
  const last = (length: number) => Math.ceil(length / pyramid.tile) - 1;
  const from = (at: number) => Math.max(0, Math.floor((at + 0.5) / side) - ring);
  const to = (at: number, length: number) => Math.min(last(length), Math.floor((at + 0.5) / side) + ring);
  const found: TileAddress[] = [];
  for (let row = from(box.v0); row <= to(box.v1, height); row++)
    for (let column = from(box.u0); column <= to(box.u1, width); column++) found.push({ level, column, row });
  const [mu, mv] = [(box.u0 + box.u1) / 2 / side - 0.5, (box.v0 + box.v1) / 2 / side - 0.5];
  const distance = ({ column, row }: TileAddress) => Math.hypot(column - mu, row - mv);
  return found.sort((a, b) => distance(a) - distance(b));
}

/** The tile of a pixel (from 0) of the frame at a level, and the pixel within it. */
export function tileOfPixel(
  { tile }: TilePyramid,
  level: number,
  x: number,
  y: number,
): { readonly address: TileAddress; readonly x: number; readonly y: number } {
  const [px, py] = [Math.floor(x / 2 ** level), Math.floor(y / 2 ** level)];
  const [column, row] = [Math.floor(px / tile), Math.floor(py / tile)];
  return { address: { level, column, row }, x: px - column * tile, y: py - row * tile };
}

/**
 * What to draw for wanted tiles while some of them are not there: for each that is missing, the
 * finest coarser one that is. Coarser tiles first, so that finer ones are drawn over them.
 */
export function drawOrder(
  pyramid: TilePyramid,
  wanted: readonly TileAddress[],
  isThere: (address: TileAddress) => boolean,
): readonly TileAddress[] {
  const drawn = new Map<string, TileAddress>();
  for (const address of wanted) {
    let { level, column, row } = address;
    while (level < pyramid.levels.length) {
      const each = { level, column, row };
      if (isThere(each)) {
        drawn.set(tileKey(each), each);
        break;
      }
      level++;
      column >>= 1;
      row >>= 1;
    }
  }
  return [...drawn.values()].sort((a, b) => b.level - a.level);
}
