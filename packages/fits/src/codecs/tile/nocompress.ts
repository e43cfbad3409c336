import { FitsError } from "../../errors.ts";
import { sharedKernel } from "../../kernel/kernel.ts";
import { packPixels, unpackPixels } from "./tile-bytes.ts";
import type { TileCodec } from "./tile-codec.ts";

/** NOCOMPRESS: uncompressed big-endian pixels (an extension of cfitsio). */
export const nocompress: TileCodec = {
  name: "NOCOMPRESS",
  decode(input, out, { count, tileLength }) {
    const width = input.length / tileLength;
    if (width !== 1 && width !== 2 && width !== 4 && width !== 8) {
      throw new FitsError(
        "FITS_TILE_CORRUPT",
        `a NOCOMPRESS tile of ${tileLength} pixels holds ${input.length} bytes`,
      );
    }
    unpackPixels(input, out, { count, width, byteStep: 1, pixelStep: width }, sharedKernel());
  },
  encode: (pixels) => packPixels(pixels, 1, pixels.BYTES_PER_ELEMENT),
};
