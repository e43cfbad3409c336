import { FitsError } from "../errors.ts";
import { DITHER_LENGTH, ditherPosition, ditherRun, ditherTable } from "./quantize-dither.ts";
import { tileNoise } from "./quantize-noise.ts";

/** How quantized floats were dithered (`ZQUANTIZ`, FITS 4.0, 10.2). */
export type QuantizeMethod = "NO_DITHER" | "SUBTRACTIVE_DITHER_1" | "SUBTRACTIVE_DITHER_2";

/** The integer for an exact 0.0 under SUBTRACTIVE_DITHER_2. */
export const EXACT_ZERO = -2_147_483_646;

/** The default of cfitsio for NaN (`ZBLANK`). */
export const DEFAULT_ZBLANK = -2_147_483_647;

/**
 * Number of reserved integers at the low end: `DEFAULT_ZBLANK`, `EXACT_ZERO`, and some reserved by
 * cfitsio.
 */
const RESERVED = 10;
const MAX_INT = 2_147_483_647;

/** Parameters for the dequantization of one tile. */
export interface TileQuantization {
  /** `ZSCALE` and `ZZERO` of the tile. */
  readonly scale: number;
  readonly zero: number;
  /** The integer for NaN; undefined when the file defines none. */
  readonly zblank?: number | undefined;
  readonly method: QuantizeMethod;
  /** Tile number from 0, plus `ZDITHER0` - 1. Ignored under NO_DITHER. */
  readonly tileRow: number;
}

/** As TileQuantization, for many row tiles: entry i belongs to tile i. */
export interface RowQuantization {
  readonly scale: Float64Array;
  readonly zero: Float64Array;
  /** One for all tiles, or one for each. */
  readonly zblank?: number | Int32Array | undefined;
  readonly method: QuantizeMethod;
  readonly tileRow: ArrayLike<number>;
}

/** The quantization of one of several tiles, counted from 0. */
export function quantizationOfTile(
  { scale, zero, zblank, method, tileRow }: RowQuantization,
  i: number,
): TileQuantization {
  return {
    scale: scale[i]!,
    zero: zero[i]!,
    zblank: typeof zblank === "object" ? zblank[i]! : zblank,
    method,
    tileRow: tileRow[i]!,
  };
}

/** Options for quantizing floats. */
export interface QuantizeOptions {
  /**
   * Quantization steps per noise of a tile, as `fpack -q`: 4 is common, and 0 means 4; a negative
   * value is the step itself, in units of the pixels.
   */
  readonly level: number;
  readonly method: QuantizeMethod;
  /** Tile number from 0, plus `ZDITHER0` - 1. */
  readonly tileRow: number;
  /** Pixels in a row of the tile; the noise is estimated row by row. */
  readonly rowLength: number;
}

/**
 * Scaling of a quantized tile; `blank` is whether any pixel was NaN and became `DEFAULT_ZBLANK`.
 */
export interface QuantizedTile {
  readonly scale: number;
  readonly zero: number;
  readonly blank: boolean;
}

/**
 * Quantizes a tile of floats into `out`, with the step and zero point that fpack chooses. Undefined
 * when the tile has no noise to scale by or a range beyond 32 bits: it must then be stored
 * losslessly.
 * Errors: FITS_WRITE for infinite pixels.
 */
export function quantize(
  pixels: Float32Array | Float64Array,
  out: Int32Array,
  { level, method, tileRow, rowLength }: QuantizeOptions,
): QuantizedTile | undefined {
  if (pixels.length <= 1) return undefined;
  const noise = tileNoise(pixels, rowLength);
  const { good } = noise;
  const [least, most, sigma] = good === 0 ? [0, 1, 1] : [noise.least, noise.most, noise.sigma];
  if (!Number.isFinite(most - least))
    throw new FitsError("FITS_WRITE", "infinite pixels cannot be quantized");
  const scale = level < 0 ? -Math.fround(level) : sigma / (level === 0 ? 4 : Math.fround(level));
  const range = pixels instanceof Float32Array ? Math.fround(most - least) : most - least;
  if (scale === 0 || range / scale > 2 * MAX_INT - RESERVED) return undefined;
  const blank = good < pixels.length;
  let zero = least - scale * (RESERVED - MAX_INT);
  if (!blank && method !== "SUBTRACTIVE_DITHER_2") {
    // A multiple of the step, so that repacking an unpacked file gives the same integers.
    if (range / scale < MAX_INT - RESERVED) zero = Math.trunc(least / scale + 0.5) * scale;
    else zero = (least + most) / 2;
  }
  const exactZero = method === "SUBTRACTIVE_DITHER_2";
  const dither = method === "NO_DITHER" ? undefined : ditherTable();
  let { seed, next } = ditherPosition(tileRow, 0);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i]!;
    const shift = dither === undefined ? 0 : dither[next]! - 0.5;
    if (Number.isNaN(pixel)) out[i] = DEFAULT_ZBLANK;
    else if (exactZero && pixel === 0) out[i] = EXACT_ZERO;
    else out[i] = nearest((pixel - zero) / scale + shift);
    if (++next === DITHER_LENGTH) {
      seed = seed + 1 === DITHER_LENGTH ? 0 : seed + 1;
      next = ditherRun(seed);
    }
  }
  return { scale, zero, blank };
}

function nearest(x: number): number {
  return Math.trunc(x >= 0 ? x + 0.5 : x - 0.5);
}
