import type { ImageDescription } from "@sbnsis/fits";
import { type BlockSums, meansOf } from "./block-sums.ts";
import { encodeStored, encodeValues, type StoredPixels } from "./encode-tile.ts";
import { TILE_SIDE } from "./tile-grid.ts";
import type { RowReader } from "./tile-rows.ts";

/** Means of the blocks of a tile, which this thread reuses. */
const means = new Float64Array(TILE_SIDE ** 2);

/** The tiles of `height` rows of blocks from row `y` on. Value = zero + scale * number. */
export function rowOfTiles(
  blocks: BlockSums,
  y: number,
  height: number,
  values: Pick<RowReader, "zero" | "scale">,
  exact: boolean,
): readonly Uint8Array[] {
  return pieces(blocks.width).map(([x, width]) => {
    meansOf(blocks, [x, y], [width, height], values, means);
    return encodeValues({ width, height, values: means.subarray(0, width * height), exact });
  });
}

/** A row of tiles of the integers of a file, exactly as they are stored. */
export function storedTiles(
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

/** Where the tiles of a row begin, and how wide they are. */
function pieces(width: number): readonly (readonly [x: number, side: number])[] {
  return Array.from({ length: Math.ceil(width / TILE_SIDE) }, (_, i) => [
    i * TILE_SIDE,
    Math.min(TILE_SIDE, width - i * TILE_SIDE),
  ]);
}
