import { SisError } from "../../errors/sis-error.ts";
import { decodeHcompressByKernel } from "./hcompress-kernel.ts";
import { decodeHcompressPlain } from "./hcompress-plain.ts";
import { type Kernel, sharedKernel } from "./kernel.ts";
import { convertIntegers } from "./tile-bytes.ts";
import type { TileCodec, TileParameters, TilePixels } from "./tile-codec.ts";

/** What stands before the bit planes of an HCOMPRESS_1 stream. */
export interface HcompressHeader {
  readonly rows: number;
  /** Pixels in a row: the axis that varies fastest. */
  readonly columns: number;
  /** Quantisation step of the coefficients; 0 and 1 mean none. */
  readonly scale: number;
  /** Sum of the pixels in units of the top coefficient. */
  readonly sum: bigint;
  /** Bit planes of the means' quadrant, of both slopes' and of the curvatures'. */
  readonly planes: readonly [number, number, number];
}

/** Bytes of the header. */
export const HCOMPRESS_HEADER = 25;
const MAGIC = 0xdd99;

/** HCOMPRESS_1 (FITS 4.0, 10.4.4; White 1992), by the WebAssembly kernel where it can run, else by its plain TypeScript twin. Decoding only. */
export const hcompress1: TileCodec = {
  name: "HCOMPRESS_1",
  decode: (input, out, tile) => decodeHcompress(input, out, tile, sharedKernel()),
};

/**
 * Decodes a tile by `kernel`, or by the plain twin when that is undefined. Tiles of 8 and 16 bits (by the width of `out`) are computed in
 * 32 bits, others in 64, as cfitsio does. The stream is always decoded whole: its coefficients have no place.
 */
export function decodeHcompress(
  input: Uint8Array,
  out: TilePixels,
  { tileLength, count, smooth = false }: TileParameters,
  kernel: Kernel | undefined,
): void {
  if (out instanceof Float32Array || out instanceof Float64Array) {
    throw new SisError(
      "FITS_UNSUPPORTED",
      "HCOMPRESS_1 tiles hold integers; quantised floats are read as 32-bit ones",
    );
  }
  const wide = out.BYTES_PER_ELEMENT > 2;
  const header = readHeader(input, tileLength, wide);
  const pixels =
    (kernel && decodeHcompressByKernel(kernel, input, header, smooth, wide)) ??
    decodeHcompressPlain(input, header, smooth);
  if (pixels === "damaged")
    throw new SisError("FITS_TILE_CORRUPT", "the bit planes of an HCOMPRESS_1 tile are damaged or cut short");
  convertIntegers(pixels, out, count);
}

function readHeader(input: Uint8Array, tileLength: number, wide: boolean): HcompressHeader {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < HCOMPRESS_HEADER || view.getUint16(0) !== MAGIC) {
    throw new SisError(
      "FITS_TILE_CORRUPT",
      "an HCOMPRESS_1 tile does not begin with its magic number and sizes",
    );
  }
  const [rows, columns, scale] = [view.getInt32(2), view.getInt32(6), view.getInt32(10)];
  if (rows <= 0 || columns <= 0 || rows * columns !== tileLength) {
    throw new SisError(
      "FITS_TILE_CORRUPT",
      `an HCOMPRESS_1 tile of ${tileLength} pixels says it is ${columns} by ${rows}`,
    );
  }
  const planes = [input[22]!, input[23]!, input[24]!] as const;
  const most = wide ? 62 : 31;
  if (planes.some((n) => n > most) || scale < 0) {
    throw new SisError(
      "FITS_TILE_CORRUPT",
      `an HCOMPRESS_1 tile has ${planes.join(", ")} bit planes and the scale ${scale}`,
    );
  }
  return { rows, columns, scale, sum: view.getBigInt64(14), planes };
}
