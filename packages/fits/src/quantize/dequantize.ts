import {
  KERNEL_DITHER,
  KERNEL_WORK,
  type Kernel,
  type KernelQuantization,
  sharedKernel,
} from "../kernel/kernel.ts";
import { EXACT_ZERO, type TileQuantization } from "./quantize.ts";
import { DITHER_LENGTH, ditherPosition, ditherRun, ditherSeed, ditherTable } from "./quantize-dither.ts";

/** Pixels that the kernel converts per call. */
const BATCH = 8192;

/**
 * Converts the first `count` integers of a tile to floats: (n - r + 0.5) * scale + zero in float64,
 * rounded once when `out` is Float32Array, as in cfitsio, with r the dither of the pixel (FITS 4.0,
 * 10.2); n * scale + zero without dithering. `zblank` gives NaN.
 * `first` is the index in the tile, from 0, of the pixel at `ints[0]`. Uses the WebAssembly kernel
 * where available.
 */
export function dequantize(
  ints: Int32Array | Int16Array | Uint8Array,
  out: Float32Array | Float64Array,
  count: number,
  tile: TileQuantization,
  first = 0,
): void {
  const kernel = ints instanceof Int32Array ? sharedKernel() : undefined;
  if (kernel === undefined || !dequantizeByKernel(kernel, ints as Int32Array, out, count, tile, first)) {
    dequantizePlain(ints, out, count, tile, first);
  }
}

/** {@link dequantize} in plain TypeScript: the twin of the kernel. */
export function dequantizePlain(
  ints: ArrayLike<number>,
  out: Float32Array | Float64Array,
  count: number,
  tile: TileQuantization,
  first: number,
): void {
  if (tile.method === "NO_DITHER") plain(ints, out, count, tile);
  else dithered(ints, out, count, tile, first);
}

/** Integers in a kernel's memory, and where their floats go. */
export interface KernelDequantization {
  /** Address of pixel `first` of the tile. */
  readonly ints: number;
  /** Address of its float; up to 8 bytes after the last one are overwritten too. */
  readonly out: number;
  /** Pixels of the tile, from 0, including `first` but not `end`. */
  readonly first: number;
  readonly end: number;
  /** Size of a float. */
  readonly bytes: 4 | 8;
  readonly tile: TileQuantization;
}

/** Does the work of {@link dequantize} in the memory of a kernel. */
export function dequantizeInKernel(
  kernel: Kernel,
  { ints, out, first, end, bytes, tile }: KernelDequantization,
): void {
  kernel.exports.dequantize(ints, out, first, end, bytes === 8 ? 3 : 2, ...kernelQuantization(tile));
}

/** The quantization of a tile as parameters of kernels, whose memory has the deviates. */
export function kernelQuantization(tile: TileQuantization): KernelQuantization {
  const { scale, zero, zblank, method, tileRow } = tile;
  const table = method === "NO_DITHER" ? 0 : KERNEL_DITHER;
  const blanks = zblank !== undefined && (zblank | 0) === zblank ? 1 : 0;
  const zeros = method === "SUBTRACTIVE_DITHER_2" ? 1 : 0;
  return [scale, zero, table, ditherSeed(tileRow), blanks, zblank ?? 0, zeros];
}

function dequantizeByKernel(
  kernel: Kernel,
  ints: Int32Array,
  out: Float32Array | Float64Array,
  count: number,
  tile: TileQuantization,
  first: number,
): boolean {
  const batch = Math.min(count, BATCH);
  const floats = KERNEL_WORK + 16 * Math.ceil((batch + 2) / 4);
  const memory = kernel.withMemory(floats + (batch + 2) * 8)?.memory;
  if (memory === undefined) return false;
  const wide = out instanceof Float64Array;
  const source = new Int32Array(memory, KERNEL_WORK, batch);
  const target = wide ? new Float64Array(memory, floats, batch) : new Float32Array(memory, floats, batch);
  for (let i = 0; i < count; i += batch) {
    const n = Math.min(batch, count - i);
    source.set(ints.subarray(i, i + n));
    dequantizeInKernel(kernel, {
      ints: KERNEL_WORK,
      out: floats,
      first: first + i,
      end: first + i + n,
      bytes: out.BYTES_PER_ELEMENT as 4 | 8,
      tile,
    });
    out.set(n === batch ? target : target.subarray(0, n), i);
  }
  return true;
}

function plain(
  ints: ArrayLike<number>,
  out: Float32Array | Float64Array,
  count: number,
  { scale, zero, zblank = Number.NaN }: TileQuantization,
): void {
  for (let i = 0; i < count; i++) {
    const n = ints[i]!;
    out[i] = n === zblank ? Number.NaN : n * scale + zero;
  }
}

function dithered(
  ints: ArrayLike<number>,
  out: Float32Array | Float64Array,
  count: number,
  { scale, zero, zblank = Number.NaN, method, tileRow }: TileQuantization,
  first: number,
): void {
  const exactZero = method === "SUBTRACTIVE_DITHER_2" ? EXACT_ZERO : Number.NaN;
  const dither = ditherTable();
  let { seed, next } = ditherPosition(tileRow, first);
  for (let i = 0; i < count; i++) {
    const n = ints[i]!;
    if (n === zblank) out[i] = Number.NaN;
    else if (n === exactZero) out[i] = 0;
    else out[i] = (n - dither[next]! + 0.5) * scale + zero;
    if (++next === DITHER_LENGTH) {
      seed = seed + 1 === DITHER_LENGTH ? 0 : seed + 1;
      next = ditherRun(seed);
    }
  }
}
