import { FitsError } from "../../errors.ts";

/** The fields before the bit planes of an HCOMPRESS_1 stream. */
export interface HcompressHeader {
  readonly rows: number;
  /** Pixels in a row, along the fastest axis. */
  readonly columns: number;
  /** Quantization step of the coefficients; 0 and 1 mean none. */
  readonly scale: number;
  /** Sum of the pixels in units of the top coefficient. */
  readonly sum: bigint;
  /**
   * Number of bit planes in the quadrant of the means, in those of both slopes, and in that of the
   * curvatures.
   */
  readonly planes: readonly [number, number, number];
}

/** Length of the header in bytes. */
export const HCOMPRESS_HEADER = 25;
const MAGIC = 0xdd99;

/**
 * Reads and checks the header of a tile of `tileLength` pixels; `wide`: 64-bit arithmetic follows.
 * Errors: FITS_TILE_CORRUPT.
 */
export function readHcompressHeader(input: Uint8Array, tileLength: number, wide: boolean): HcompressHeader {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < HCOMPRESS_HEADER || view.getUint16(0) !== MAGIC) {
    throw new FitsError(
      "FITS_TILE_CORRUPT",
      "an HCOMPRESS_1 tile does not begin with its magic number and sizes",
    );
  }
  const [rows, columns, scale] = [view.getInt32(2), view.getInt32(6), view.getInt32(10)];
  if (rows <= 0 || columns <= 0 || rows * columns !== tileLength) {
    throw new FitsError(
      "FITS_TILE_CORRUPT",
      `an HCOMPRESS_1 tile of ${tileLength} pixels declares ${columns} by ${rows}`,
    );
  }
  const planes = [input[22]!, input[23]!, input[24]!] as const;
  const most = wide ? 62 : 31;
  if (planes.some((n) => n > most) || scale < 0) {
    throw new FitsError(
      "FITS_TILE_CORRUPT",
      `an HCOMPRESS_1 tile has ${planes.join(", ")} bit planes and the scale ${scale}`,
    );
  }
  return { rows, columns, scale, sum: view.getBigInt64(14), planes };
}
