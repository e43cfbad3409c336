import { pixelBytes, type SectionPlan } from "./section-plan.ts";
import type { TileSection } from "./tile-section.ts";

/** Bytes that the inverse of HCOMPRESS_1 needs for each pixel of a tile: two arrays of 64 bits and a half. */
const HCOMPRESS_BYTES = 24;
/** Bytes of the plan itself for each tile. */
const TILE_BYTES = 128;

/**
 * About how many bytes readSection uses at most: what is read, the pixels, and the rooms in which
 * tiles are decoded, one at a time. Tiles are decoded whole, however little of them is wanted.
 */
export function sectionMemory({ bitpix, bytes, pixels, content }: SectionPlan): number {
  const width = pixelBytes(bitpix);
  const common = bytes + pixels * width;
  return content.kind === "rows" ? common : common + tileMemory(content, width);
}

function tileMemory(section: TileSection, width: number): number {
  const { tile, naxis, quantization, masks, codec, lengths } = section;
  const pixels = tile.reduce((product, side, axis) => product * Math.min(side, naxis[axis]!), 1);
  let longest = 0;
  for (const length of lengths) longest = Math.max(longest, length);
  const decoded = pixels * (width + (quantization === undefined ? 0 : 4) + (masks === undefined ? 0 : 1));
  // a tile of any codec may be stored by GZIP_1; what zlib gives comes in pieces that are joined
  const inflated =
    codec.startsWith("GZIP") || quantization !== undefined ? 2 * pixels * Math.max(4, width) : 0;
  const packed = 3 * longest;
  const inverse = codec.startsWith("HCOMPRESS") ? HCOMPRESS_BYTES * pixels : 0;
  return TILE_BYTES * lengths.length + decoded + inflated + packed + inverse;
}
