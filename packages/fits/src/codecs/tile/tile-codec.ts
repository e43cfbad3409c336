import type { LevelScale } from "../../quantize/dequantize.ts";
import type { RowQuantization } from "../../quantize/quantize.ts";
import type { Inflate } from "../deflate/inflate.ts";

/** The compression algorithms of FITS 4.0, 10.4 (`ZCMPTYPE`), and `NOCOMPRESS` of cfitsio. */
type TileCodecName = "RICE_1" | "GZIP_1" | "GZIP_2" | "NOCOMPRESS" | "PLIO_1" | "HCOMPRESS_1";

/** Arrays that pixels are decoded into: stored values in native byte order. */
export type TilePixels = Uint8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

/** What a codec must know of a tile beyond its bytes. */
export interface TileParameters {
  /** Pixels in the whole tile. */
  readonly tileLength: number;
  /** How many of its first pixels are wanted; not more than `tileLength`. */
  readonly count: number;
  /** RICE_1: bytes in a stored integer, `ZVALn` of BYTEPIX. Default 4 (FITS 4.0, 10.4.1). */
  readonly bytepix?: number;
  /** RICE_1: pixels in a block, `ZVALn` of BLOCKSIZE. Default 32. */
  readonly blocksize?: number;
  /** HCOMPRESS_1: `ZVALn` of SMOOTH is not 0. Default false. */
  readonly smooth?: boolean;
  /** Decompressor of the GZIP codecs; default pure TypeScript. */
  readonly inflate?: Inflate;
}

/** Tiles that are single rows of an image, decoded in one call from their first column to `end`, of which `[first, end)` is kept. */
export interface RowTiles {
  /** Holds the bytes of every tile; not changed. */
  readonly bytes: Uint8Array;
  /** Where tile i begins in `bytes`, and its length. */
  readonly offsets: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
  /** Pixels in each whole tile. */
  readonly tileLength: number;
  /** Columns kept, from 0, `first` included, `end` not. */
  readonly first: number;
  readonly end: number;
  readonly bytepix?: number;
  readonly blocksize?: number;
  /** Column `first` of tile i goes to `out[outOffset + i * outStride]`. */
  readonly out: TilePixels;
  readonly outOffset: number;
  readonly outStride: number;
  /** Present when the integers are quantised floats; then `out` is Float32Array or Float64Array, or Uint8Array for levels. */
  readonly quantization?: RowQuantization;
}

/**
 * One algorithm of tile compression. Damaged bytes, and tiles that hold fewer pixels than they should, are `FITS_TILE_CORRUPT`;
 * parameters that the standard does not know are `FITS_UNSUPPORTED`. Nothing is read or written outside the arrays given.
 */
export interface TileCodec {
  readonly name: TileCodecName;
  /**
   * Decodes the first `count` pixels of a tile into `out[0..count)`. Integers go into an integer array at least as wide as they are
   * stored; floats (GZIP and NOCOMPRESS tiles that were not quantised) into the float array of their width.
   */
  decode(input: Uint8Array, out: TilePixels, tile: TileParameters): void;
  /** Decodes many row tiles at once. Only RICE_1 has it; the result is that of `decode` tile by tile. Errors name the tile in `details.row`. */
  decodeRows?(rows: RowTiles): void;
  /**
   * Decodes many row tiles of quantised floats into `rows.out`, the grey levels of the values that decodeRows gives. False when it cannot, or not of these tiles, as
   * where a value is missing; `out` is of no use then.
   */
  decodeRowLevels?(rows: RowTiles, scale: LevelScale): boolean;
  /** Encodes one tile of `pixels` (native byte order). Absent where this library does not write the algorithm. */
  encode?(pixels: TilePixels, tile: TileEncoding): Uint8Array;
}

/** Parameters of encoding. */
export interface TileEncoding {
  /** RICE_1: default by the array: 1, 2 or 4. */
  readonly bytepix?: number;
  /** RICE_1: default 32. */
  readonly blocksize?: number;
  /** GZIP: 1 to 9, default 1 as cfitsio has it. */
  readonly level?: number;
}
