import type { TilePixels } from "./codecs/tile-codec.ts";
import type { Bitpix } from "./hdu.ts";

/** Pixels as they are stored, in native byte order: before BSCALE, BZERO and BLANK. BITPIX 8 is unsigned. */
export type StoredArray = TilePixels;

/** An array for stored pixels of a BITPIX. */
export function storedArray(bitpix: Bitpix, length: number): StoredArray {
  switch (bitpix) {
    case 8:
      return new Uint8Array(length);
    case 16:
      return new Int16Array(length);
    case 32:
      return new Int32Array(length);
    case 64:
      return new BigInt64Array(length);
    case -32:
      return new Float32Array(length);
    case -64:
      return new Float64Array(length);
  }
}
