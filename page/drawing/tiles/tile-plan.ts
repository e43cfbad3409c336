import type { PlaneBox } from "../camera.ts";

/** A level of a pyramid of tiles: each of its pixels is the mean of 2^level x 2^level pixels. */
interface TileLevel {
  readonly level: number;
  readonly width: number;
  readonly height: number;
}

/** The tile pyramid of a frame. */
export interface TilePyramid {
  readonly width: number;
  readonly height: number;
  /** Side of a tile, in pixels of its level. */
  readonly tile: number;
  /** From the finest level, 0, to the coarsest. */
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
 * The level whose pixels are closest in size to screen pixels.
 * @param scale pixels of the frame per device pixel
 */
export function levelFor({ levels }: TilePyramid, scale: number): number {
  return Math.min(levels.length - 1, Math.max(0, Math.round(Math.log2(scale))));
}

/**
 * The box of frame pixels under a tile, to their outer edges; trimmed at the far edges of the
 * frame.
 */
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
 * The tiles of a level under a box of the frame (pixels from 0) and `ring` more on each side, those
 * nearest to its middle first.
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
 * The tiles to draw while some of the wanted ones are missing: each missing one is replaced by the
 * finest coarser one that is loaded. Coarser tiles first, so that finer ones are drawn over them.
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
