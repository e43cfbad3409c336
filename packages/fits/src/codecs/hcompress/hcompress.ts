import { FitsError } from "../../errors.ts";
import { type Kernel, sharedKernel } from "../../kernel/kernel.ts";
import { convertIntegers } from "../tile/tile-bytes.ts";
import type { TileCodec, TileParameters, TilePixels } from "../tile/tile-codec.ts";
import { readHcompressHeader } from "./hcompress-header.ts";
import { decodeHcompressByKernel } from "./hcompress-kernel.ts";
import { decodeHcompressPlain } from "./hcompress-plain.ts";

/**
 * HCOMPRESS_1 (FITS 4.0, 10.4.4; White 1992), using the WebAssembly kernel where available, or its
 * plain TypeScript twin. Decoding only.
 */
export const hcompress1: TileCodec = {
  name: "HCOMPRESS_1",
  decode: (input, out, tile) => decodeHcompress(input, out, tile, sharedKernel()),
};

/**
 * Decodes a tile with `kernel`, or with the plain twin when that is undefined. Tiles of 8 and 16
 * bits (by the width of `out`) are computed in 32 bits, others in 64, as in cfitsio.
 * The stream is always decoded as a whole, because its coefficients are not local.
 */
export function decodeHcompress(
  input: Uint8Array,
  out: TilePixels,
  { tileLength, count, smooth = false }: TileParameters,
  kernel: Kernel | undefined,
): void {
  if (out instanceof Float32Array || out instanceof Float64Array) {
    throw new FitsError(
      "FITS_UNSUPPORTED",
      "HCOMPRESS_1 tiles hold integers; quantised floats are read as 32-bit ones",
    );
  }
  const wide = out.BYTES_PER_ELEMENT > 2;
  const header = readHcompressHeader(input, tileLength, wide);
  const pixels =
    (kernel && decodeHcompressByKernel(kernel, input, header, smooth, wide)) ??
    decodeHcompressPlain(input, header, smooth);
  if (pixels === "damaged")
    throw new FitsError(
      "FITS_TILE_CORRUPT",
      "the bit planes of an HCOMPRESS_1 tile are damaged or cut short",
    );
  if (header.scale > 1 && out.BYTES_PER_ELEMENT < 4) saturate(pixels, out as Uint8Array | Int16Array, count);
  else convertIntegers(pixels, out, count);
}

/**
 * Lossy compression may move a pixel beyond the range of its type; as cfitsio does, use the nearest
 * value in range.
 */
function saturate(pixels: Int32Array, out: Uint8Array | Int16Array, count: number): void {
  const [least, most] = out instanceof Uint8Array ? [0, 255] : [-32_768, 32_767];
  for (let i = 0; i < count; i++) out[i] = Math.min(Math.max(pixels[i]!, least), most);
}
