import type { TilePixels } from "../codecs/tile/tile-codec.ts";
import type { Bitpix } from "../file/hdu.ts";

/** Pixels as stored, in native byte order: before BSCALE, BZERO and BLANK. BITPIX 8 is unsigned. */
export type StoredArray = TilePixels;

const ARRAYS = {
  8: Uint8Array,
  16: Int16Array,
  32: Int32Array,
  64: BigInt64Array,
  "-32": Float32Array,
  "-64": Float64Array,
} as const;

/**
 * An array for stored pixels of a BITPIX: at the start of `memory` (at a multiple of 8 bytes),
 * keeping its content, or in new zeroed memory.
 */
export function storedArray(bitpix: Bitpix, length: number, memory?: Uint8Array<ArrayBuffer>): StoredArray {
  const Kind = ARRAYS[bitpix];
  return memory === undefined ? new Kind(length) : new Kind(memory.buffer, memory.byteOffset, length);
}
