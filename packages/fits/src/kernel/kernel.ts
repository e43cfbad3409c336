import { ditherTable } from "../quantize/quantize-dither.ts";
import { KERNEL_BASE64 } from "./kernel.generated.ts";
import { compiledKernel, growTo, type KernelMemory } from "./web-assembly.ts";

/**
 * What kernels need to know about the quantization of a tile: address of the deviates (0: not
 * dithered), the deviate that chooses the first run, whether `blank` means no value, and whether
 * zeros are exact.
 */
export type KernelQuantization = readonly [
  scale: number,
  zero: number,
  table: number,
  seed: number,
  blanks: number,
  blank: number,
  zeros: number,
];

interface KernelExports {
  readonly memory: KernelMemory;
  decode(
    width: number,
    table: number,
    tiles: number,
    count: number,
    blocksize: number,
    end: number,
    rows: number,
    stride: number,
    second: number,
  ): number;
  encode(
    width: number,
    pixels: number,
    length: number,
    blocksize: number,
    codes: number,
    out: number,
  ): number;
  dequantize(
    ints: number,
    out: number,
    first: number,
    end: number,
    shift: number,
    ...quantization: KernelQuantization
  ): void;
  hcompress(
    input: number,
    length: number,
    end: number,
    rows: number,
    columns: number,
    scale: number,
    smoothing: number,
    planes: number,
    wide: number,
    array: number,
    large: number,
    small: number,
    nibbles: number,
  ): number;
  unpack(from: number, to: number, count: number, width: number, plane: number): void;
}

/**
 * Address of the dither table in the kernel's memory: after the constants that the compiler puts at
 * 1024. Work space follows it. The bytes below 1024 are free for the constants of other kernels
 * that work in this memory (compiled with `--importMemory`).
 */
export const KERNEL_DITHER = 4096;

/** Bytes below a reversed tile that decoding may read when the tile ends too early. */
export const KERNEL_SLACK = 512;

/** First byte of the kernel's memory that callers may use, a multiple of 16. */
export const KERNEL_WORK = 44_112;

/**
 * Memory that each thread keeps. A tile that needs more gets its own kernel instance, which is
 * released afterwards.
 */
const KEPT_BYTES = 33_554_432;
/** Addresses must stay below 2^31. */
const MAX_BYTES = 2_000_000_000;

/**
 * The compiled kernels with their memory: one instance per thread, created on first use and reused
 * by every call.
 */
export class Kernel {
  readonly exports: KernelExports;
  readonly #instantiate: () => KernelExports;

  constructor(instantiate: () => KernelExports) {
    this.#instantiate = instantiate;
    this.exports = instantiate();
    new Float32Array(this.exports.memory.buffer, KERNEL_DITHER, ditherTable().length).set(ditherTable());
  }

  /**
   * A kernel with at least `bytes` of memory: this one, or a temporary one for very large tiles.
   * Undefined when there is not enough memory.
   */
  withMemory(bytes: number): Kernel | undefined {
    if (bytes > MAX_BYTES) return undefined;
    try {
      const wanted = bytes <= KEPT_BYTES ? this : new Kernel(this.#instantiate);
      growTo(wanted.exports.memory, bytes);
      return wanted;
    } catch {
      // The platform cannot provide the memory; the plain twins need less.
      return undefined;
    }
  }

  /** The current memory; arrays over it become invalid at the next `withMemory`. */
  get memory(): ArrayBuffer {
    return this.exports.memory.buffer;
  }
}

let kernel: Kernel | undefined;
let tried = false;

/**
 * The kernel of this thread; undefined where WebAssembly or its SIMD is missing or forbidden (a
 * page's content security policy), or on a big-endian machine. The plain TypeScript twins then do
 * the same work.
 */
export function sharedKernel(): Kernel | undefined {
  if (!tried) {
    tried = true;
    kernel = makeKernel();
  }
  return kernel;
}

function makeKernel(): Kernel | undefined {
  const instantiate = compiledKernel<KernelExports>(KERNEL_BASE64);
  try {
    return instantiate && new Kernel(instantiate);
  } catch {
    // not enough memory: the plain twins do the work
    return undefined;
  }
}
