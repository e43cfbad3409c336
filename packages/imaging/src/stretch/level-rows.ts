import {
  compiledKernel,
  type DecodedRow,
  type KernelMemory,
  type KernelQuantization,
  kernelQuantization,
  type RowSink,
} from "@sbnsis/fits/internal";
import type { Levels } from "../interval/zscale.ts";
import { KERNEL_BASE64 } from "../kernel/row-kernel.generated.ts";

interface RowKernel {
  rowLevels(
    ints: number,
    first: number,
    end: number,
    ...quantizationAndInterval: [...KernelQuantization, vmin: number, span: number, single: number]
  ): number;
}

let instantiate: ((memory?: KernelMemory) => RowKernel) | undefined;
let tried = false;

/** The compiled kernel of rows; undefined where there is none (see compiledKernel). */
function rowKernel(): typeof instantiate {
  if (!tried) {
    tried = true;
    instantiate = compiledKernel<RowKernel>(KERNEL_BASE64);
  }
  return instantiate;
}

/**
 * Converts the rows of quantized floats to grey levels as they are decoded, several times faster
 * than through the floats: (value - vmin) / span in float64, clipped to 0..1, times 255, truncated,
 * as linearLevels does. Refuses a row when that is impossible: a value is missing, float32 cannot
 * separate the levels, or the row is not in the memory of a kernel.
 */
export class LevelRows implements RowSink {
  readonly workPerPixel = 0;
  readonly #vmin: number;
  readonly #span: number;
  readonly #isSingle: boolean;
  #out: Uint8Array = new Uint8Array(0);
  #memory: KernelMemory | undefined;
  #kernel: RowKernel | undefined;

  /** @param isSingle whether the floats are float32, otherwise float64 */
  constructor({ vmin, vmax }: Levels, isSingle: boolean) {
    this.#vmin = vmin;
    this.#span = vmax - vmin === 0 ? 1 : vmax - vmin;
    this.#isSingle = isSingle;
  }

  /** Returns this sink, set to store the levels of rows consecutively in `out`. */
  into(out: Uint8Array): this {
    this.#out = out;
    return this;
  }

  take({ index, pixels, first, quantization, inKernel }: DecodedRow): boolean {
    if (inKernel === undefined || quantization === undefined || !(pixels instanceof Int32Array)) return false;
    const kernel = this.#kernelOver(inKernel.kernel.exports.memory);
    if (kernel === undefined) return false;
    const count = pixels.length;
    const isRefused = kernel.rowLevels(
      pixels.byteOffset,
      first,
      first + count,
      ...kernelQuantization(quantization),
      this.#vmin,
      this.#span,
      this.#isSingle ? 1 : 0,
    );
    if (isRefused !== 0) return false;
    this.#out.set(new Uint8Array(pixels.buffer, pixels.byteOffset, count), index * count);
    return true;
  }

  /** The kernel in the memory of the rows, which changes for very large tiles only. */
  #kernelOver(memory: KernelMemory): RowKernel | undefined {
    if (memory !== this.#memory) {
      this.#memory = memory;
      this.#kernel = rowKernel()?.(memory);
    }
    return this.#kernel;
  }
}
