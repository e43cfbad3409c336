import { KERNEL_DITHER, KERNEL_WORK, type Kernel, sharedKernel } from "../kernel/kernel.ts";
import { EXACT_ZERO, type TileQuantization } from "./quantize.ts";
import { DITHER_LENGTH, ditherPosition, ditherRun, ditherSeed, ditherTable } from "./quantize-dither.ts";

/** Pixels that the kernel turns at a time. */
const BATCH = 8192;

/**
 * Turns the first `count` integers of a tile into floats: (n - r + 0.5) * scale + zero in float64, rounded once when `out` is Float32Array,
 * as cfitsio computes it, r being the dither of the pixel (FITS 4.0, 10.2); without dithering n * scale + zero. `zblank` gives NaN.
 * `first` is the number (from 0) in the tile of the pixel at `ints[0]`. By the WebAssembly kernel where it can run.
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

/** Floats that are to be grey levels: 0 up to `low`, 255 from `low + span` on. */
export interface LevelScale {
  readonly low: number;
  /** Not 0. */
  readonly span: number;
  /** Whether the floats are float32, float64 otherwise. */
  readonly single: boolean;
}

/**
 * Turns pixels `first` to `end` of a tile, whose pixel 0 is at `ints` in the kernel's memory, into floats of `into` bytes at `out` there, or, with a scale,
 * into grey levels of one: (value - low) / span in float64, clipped to 0..1, times 255, truncated. Gives whether these cannot be had so, as where a pixel has no
 * value or the zero point of the tile is hundreds of thousands of levels off `low`: what is at `out` is of no use then.
 */
export function dequantizeInKernel(
  kernel: Kernel,
  ints: number,
  out: number,
  first: number,
  end: number,
  into: 4 | 8 | LevelScale,
  { scale, zero, zblank, method, tileRow }: TileQuantization,
): boolean {
  const levels = typeof into === "object" ? into : undefined;
  const isRefused = kernel.exports.dequantize(
    ints,
    out,
    first,
    end,
    into === 8 ? 3 : into === 4 ? 2 : 0,
    scale,
    zero,
    method === "NO_DITHER" ? 0 : KERNEL_DITHER,
    ditherSeed(tileRow),
    zblank !== undefined && (zblank | 0) === zblank ? 1 : 0,
    zblank ?? 0,
    method === "SUBTRACTIVE_DITHER_2" ? 1 : 0,
    levels?.low ?? 0,
    levels?.span ?? 1,
    levels?.single === true ? 1 : 0,
  );
  return isRefused !== 0;
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
    // Pixel 0 of the tile would lie before the batch; only its place counts, nothing is read there.
    dequantizeInKernel(
      kernel,
      KERNEL_WORK - 4 * (first + i),
      floats,
      first + i,
      first + i + n,
      out.BYTES_PER_ELEMENT as 4 | 8,
      tile,
    );
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
