import { FitsError } from "../../errors.ts";
import type { RowQuantization } from "../../quantize/quantize.ts";
import type { Inflate } from "../deflate/inflate.ts";
import type { RowSink } from "./row-sink.ts";

/** Arrays for decoded pixels: stored values in native byte order. */
export type TilePixels = Uint8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

/** Parameters of a tile, apart from its bytes. */
export interface TileParameters {
  /** Pixels in the whole tile. */
  readonly tileLength: number;
  /** Number of pixels wanted, counted from the first; at most `tileLength`. */
  readonly count: number;
  /** RICE_1: bytes in a stored integer, `ZVALn` of BYTEPIX. Defaults to 4 (FITS 4.0, 10.4.1). */
  readonly bytepix?: number;
  /** RICE_1: pixels in a block, `ZVALn` of BLOCKSIZE. Defaults to 32. */
  readonly blocksize?: number;
  /** HCOMPRESS_1: whether `ZVALn` of SMOOTH is not 0. Defaults to false. */
  readonly smooth?: boolean;
  /** Decompressor of the GZIP codecs; defaults to pure TypeScript. */
  readonly inflate?: Inflate;
}

/**
 * Tiles that are single rows of an image, decoded in one call from their first column to `end`;
 * `[first, end)` is kept.
 */
export interface RowTiles {
  /** Contains the bytes of every tile; not changed. */
  readonly bytes: Uint8Array;
  /** Start of tile i in `bytes`, and its length. */
  readonly offsets: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
  /** Pixels in each whole tile. */
  readonly tileLength: number;
  /** Columns to keep, from 0, including `first` but not `end`. */
  readonly first: number;
  readonly end: number;
  readonly bytepix?: number;
  readonly blocksize?: number;
  /** Present when the integers are quantized floats. */
  readonly quantization?: RowQuantization;
}

/**
 * One algorithm of tile compression. Never reads or writes outside the given arrays. To add one,
 * add a file to a folder of codecs/ and a line to registry.ts. Errors: FITS_TILE_CORRUPT for
 * damaged bytes and tiles with too few pixels, FITS_UNSUPPORTED for parameters that the standard
 * does not define.
 */
export interface TileCodec {
  /** `ZCMPTYPE`: an algorithm of FITS 4.0, 10.4, or `NOCOMPRESS` of cfitsio. */
  readonly name: string;
  /**
   * Decodes the first `count` pixels of a tile into `out[0..count)`.
   * Integers go into an integer array at least as wide as their stored form; floats (GZIP and
   * NOCOMPRESS tiles that were not quantized) go into the float array of their width.
   */
  decode(input: Uint8Array, out: TilePixels, tile: TileParameters): void;
  /**
   * Decodes many row tiles at once and passes the integers of each to a sink, in order; only RICE_1
   * supports this. False as soon as the sink returns false. Errors name the tile in `details.row`.
   */
  decodeRows?(rows: RowTiles, sink: RowSink): boolean;
  /**
   * Encodes one tile of `pixels` (native byte order). Absent for algorithms that this library does
   * not write.
   */
  encode?(pixels: TilePixels, tile: TileEncoding): Uint8Array;
}

/** Parameters of encoding. */
export interface TileEncoding {
  /** RICE_1: defaults to the width of the array's elements: 1, 2 or 4. */
  readonly bytepix?: number;
  /** RICE_1: defaults to 32. */
  readonly blocksize?: number;
  /** GZIP: 1 to 9; defaults to 1, as in cfitsio. */
  readonly level?: number;
}

/**
 * Allocates an array for the `length` pixels of a tile. Errors: FITS_TOO_LARGE when there is not
 * enough memory.
 */
export function allocateTile<A>(length: number, kind: new (length: number) => A): A {
  try {
    return new kind(length);
  } catch (cause) {
    throw new FitsError("FITS_TOO_LARGE", `not enough memory for a tile of ${length} pixels`, { cause });
  }
}
