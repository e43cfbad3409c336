import { FitsError } from "../../errors.ts";
import { dequantizeInKernel, dequantizePlain } from "../../quantize/dequantize.ts";
import type { DecodedRow, RowSink } from "./row-sink.ts";
import { convertIntegers } from "./tile-bytes.ts";
import type { TilePixels } from "./tile-codec.ts";

/**
 * Stores decoded rows in an array: integers as they are, quantized floats as floats.
 * Errors: FITS_UNSUPPORTED when the array's type does not suit the rows, FITS_SECTION when a row is
 * outside the array, FITS_CORRUPT for integers that its type cannot hold.
 */
export class StoredRows implements RowSink {
  readonly workPerPixel: number;
  readonly #out: TilePixels;
  readonly #offset: number;
  readonly #stride: number;
  /** Views of the kernel's memory, recreated when it is replaced. */
  #floats: Float32Array | Float64Array = new Float32Array(0);

  /** The first pixel of row i goes to `out[offset + i * stride]`. */
  constructor(out: TilePixels, offset: number, stride: number) {
    this.workPerPixel = isFloats(out) ? out.BYTES_PER_ELEMENT : 0;
    this.#out = out;
    this.#offset = offset;
    this.#stride = stride;
  }

  take(row: DecodedRow): boolean {
    const { index, pixels, quantization } = row;
    const out = this.#out;
    if (isFloats(out) !== (quantization !== undefined)) {
      throw new FitsError(
        "FITS_UNSUPPORTED",
        "RICE_1 tiles are read as floats if and only if they are quantized",
      );
    }
    const to = this.#offset + index * this.#stride;
    if (to + pixels.length > out.length)
      throw new FitsError("FITS_SECTION", "the requested rows do not fit the given array");
    if (isFloats(out)) this.#storeFloats(row, out, to);
    else if (out.constructor === pixels.constructor) (out as typeof pixels).set(pixels, to);
    else convertIntegers(pixels, out.subarray(to, to + pixels.length), pixels.length);
    return true;
  }

  #storeFloats(
    { pixels, first, quantization, inKernel }: DecodedRow,
    out: Float32Array | Float64Array,
    to: number,
  ): void {
    const count = pixels.length;
    if (inKernel === undefined || !(pixels instanceof Int32Array)) {
      dequantizePlain(pixels, out.subarray(to, to + count), count, quantization!, first);
      return;
    }
    const { kernel, work } = inKernel;
    dequantizeInKernel(kernel, {
      ints: pixels.byteOffset,
      out: work,
      first,
      end: first + count,
      bytes: out.BYTES_PER_ELEMENT as 4 | 8,
      tile: quantization!,
    });
    const floats = this.#floats;
    if (floats.buffer !== kernel.memory || floats.byteOffset !== work || floats.length !== count)
      this.#floats =
        out instanceof Float32Array
          ? new Float32Array(kernel.memory, work, count)
          : new Float64Array(kernel.memory, work, count);
    out.set(this.#floats, to);
  }
}

function isFloats(out: TilePixels): out is Float32Array | Float64Array {
  return out instanceof Float32Array || out instanceof Float64Array;
}
