import { tileCodec } from "../codecs/tile/registry.ts";
import type { TileCodec, TilePixels } from "../codecs/tile/tile-codec.ts";
import { FitsError, hasCode } from "../errors.ts";
import { type QuantizedTile, type QuantizeMethod, quantize } from "../quantize/quantize.ts";

/** The codecs that this library writes. */
export type WrittenCodec = "RICE_1" | "GZIP_1" | "GZIP_2" | "NOCOMPRESS";

/** How floats are quantized before compression. */
interface WrittenQuantization {
  /** Quantization steps per noise of a tile, as `fpack -q`; a negative value is the step itself. */
  readonly level: number;
  readonly method: QuantizeMethod;
  /** ZDITHER0, 1 to 10000; defaults to 1. */
  readonly zdither0?: number;
}

/** How the tiles of an image are encoded. */
export interface TileEncoder {
  readonly codec: WrittenCodec;
  /** Pixels in a block of RICE_1; defaults to 32. */
  readonly blocksize?: number;
  /** Level of GZIP, 1 to 9; defaults to 1. */
  readonly level?: number;
  /** Only for floats; RICE_1 requires it for them. */
  readonly quantization?: WrittenQuantization;
}

/** A tile ready to be written. */
export interface EncodedTile {
  readonly bytes: Uint8Array;
  /** Undefined for a tile that is not quantized. */
  readonly quantized?: QuantizedTile;
  /**
   * Whether it belongs in GZIP_COMPRESSED_DATA: a tile that could not be quantized, in an image of
   * quantized floats.
   */
  readonly lossless: boolean;
}

/**
 * Encodes one tile of `width` pixels along the first axis; `number` is its number in the image,
 * from 0. A tile of floats that cannot be quantized (no noise, too wide a range, infinite pixels)
 * is deflated losslessly (FITS 4.0, 10.1.3).
 * Errors: FITS_WRITE for a quantization of NOCOMPRESS or of integers, FITS_UNSUPPORTED for pixels
 * that the codec does not support.
 */
export function encodeTile(
  pixels: TilePixels,
  width: number,
  number: number,
  encoder: TileEncoder,
): EncodedTile {
  const { quantization } = encoder;
  const isFloat = pixels instanceof Float32Array || pixels instanceof Float64Array;
  if (quantization === undefined) {
    return { bytes: encode(tileCodec(encoder.codec), pixels, encoder), lossless: false };
  }
  if (!isFloat || encoder.codec === "NOCOMPRESS") {
    throw new FitsError(
      "FITS_WRITE",
      `pixels of ${pixels.constructor.name} are not quantized for ${encoder.codec}`,
    );
  }
  const ints = new Int32Array(pixels.length);
  const quantized = quantizeOrNot(pixels, ints, width, number, quantization);
  if (quantized === undefined) {
    return { bytes: encode(tileCodec("GZIP_1"), pixels, encoder), lossless: true };
  }
  return { bytes: encode(tileCodec(encoder.codec), ints, encoder), quantized, lossless: false };
}

function quantizeOrNot(
  pixels: Float32Array | Float64Array,
  ints: Int32Array,
  rowLength: number,
  number: number,
  { level, method, zdither0 = 1 }: WrittenQuantization,
): QuantizedTile | undefined {
  try {
    return quantize(pixels, ints, { level, method, tileRow: number + zdither0 - 1, rowLength });
  } catch (error) {
    if (hasCode(error, "FITS_WRITE")) return undefined;
    throw error;
  }
}

function encode(codec: TileCodec, pixels: TilePixels, { blocksize, level }: TileEncoder): Uint8Array {
  if (codec.encode === undefined) throw new FitsError("FITS_UNSUPPORTED", `${codec.name} is not written`);
  return codec.encode(pixels, {
    ...(blocksize === undefined ? {} : { blocksize }),
    ...(level === undefined ? {} : { level }),
  });
}
