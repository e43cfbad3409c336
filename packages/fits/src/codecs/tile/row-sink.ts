import type { Kernel } from "../../kernel/kernel.ts";
import type { TileQuantization } from "../../quantize/quantize.ts";

/** A decoded tile that is a row of an image: its stored integers and how to interpret them. */
export interface DecodedRow {
  /** Number of the tile among those decoded, from 0. */
  readonly index: number;
  /**
   * Stored integers of the columns wanted, in native byte order. They belong to the sink until it
   * returns, and may be overwritten by it.
   */
  readonly pixels: Uint8Array | Int16Array | Int32Array;
  /** Column of the first of them in the tile, from 0; the dither depends on it. */
  readonly first: number;
  /**
   * How the integers become floats: scale, zero point, blank and dither (FITS 4.0, 10.2).
   * Undefined when they are not quantized floats.
   */
  readonly quantization: TileQuantization | undefined;
  /**
   * Set when the pixels are in the memory of a kernel, so that other kernels need not copy them.
   */
  readonly inKernel: RowInKernel | undefined;
}

/** The memory of a row: `pixels.byteOffset` is its address there. */
interface RowInKernel {
  readonly kernel: Kernel;
  /** Address of the work space that the sink requested, a multiple of 16. */
  readonly work: number;
}

/**
 * Where decoded rows go: {@link TileCodec.decodeRows} gives it each row in order. Rows can be
 * stored as integers or as floats (StoredRows), or be converted without being stored.
 */
export interface RowSink {
  /** Bytes of work space wanted in the memory of a kernel, for each pixel of a row. */
  readonly workPerPixel: number;
  /** Takes a row; false ends the decoding. */
  take(row: DecodedRow): boolean;
}
