import { gzipSync } from "fflate";
import { FitsError } from "../../errors.ts";
import { sharedKernel } from "../../kernel/kernel.ts";
import { packPixels, unpackPixels } from "../tile/tile-bytes.ts";
import type { TileCodec, TileEncoding, TileParameters, TilePixels } from "../tile/tile-codec.ts";
import { deflateFormat, inflateBytes } from "./inflate.ts";

/**
 * GZIP_1: the big-endian pixels, deflated (FITS 4.0, 10.4.2). Also reads zlib wrappers, as cfitsio
 * does.
 */
export const gzip1: TileCodec = {
  name: "GZIP_1",
  decode: (input, out, tile) => decodeGzip(input, out, tile, false),
  encode: (pixels, tile) => encodeGzip(packPixels(pixels, 1, pixels.BYTES_PER_ELEMENT), tile),
};

/**
 * GZIP_2: as GZIP_1, with the first bytes of all pixels before the second ones, and so on (FITS
 * 4.0, 10.4.2).
 */
export const gzip2: TileCodec = {
  name: "GZIP_2",
  decode: (input, out, tile) => decodeGzip(input, out, tile, true),
  encode: (pixels, tile) => encodeGzip(packPixels(pixels, pixels.length, 1), tile),
};

function decodeGzip(input: Uint8Array, out: TilePixels, tile: TileParameters, shuffled: boolean): void {
  const { tileLength, count, inflate = inflateBytes } = tile;
  const format = deflateFormat(input);
  if (format === undefined)
    throw new FitsError("FITS_TILE_CORRUPT", "a GZIP tile has neither a gzip nor a zlib header");
  // Early writers stored integers in 4 bytes regardless of BITPIX.
  const bytes = inflate(input, tileLength * Math.max(4, out.BYTES_PER_ELEMENT), format);
  const width = bytes.length / tileLength;
  if (width !== 1 && width !== 2 && width !== 4 && width !== 8) {
    throw new FitsError(
      "FITS_TILE_CORRUPT",
      `a GZIP tile of ${tileLength} pixels holds ${bytes.length} bytes`,
    );
  }
  const steps = shuffled ? { byteStep: tileLength, pixelStep: 1 } : { byteStep: 1, pixelStep: width };
  unpackPixels(bytes, out, { count, width, ...steps }, sharedKernel());
}

function encodeGzip(bytes: Uint8Array, { level = 1 }: TileEncoding): Uint8Array {
  return gzipSync(bytes, { level: level as 1, mtime: 0 });
}
