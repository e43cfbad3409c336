import { FitsError } from "../errors.ts";
import { DITHER_LENGTH, ditherPosition, ditherRun, ditherTable } from "./quantize-dither.ts";
import { tileNoise } from "./quantize-noise.ts";

/** How quantised floats were dithered (`ZQUANTIZ`, FITS 4.0, 10.2). */
export type QuantizeMethod = "NO_DITHER" | "SUBTRACTIVE_DITHER_1" | "SUBTRACTIVE_DITHER_2";

/** The integer that stands for an exact 0.0 under SUBTRACTIVE_DITHER_2. */
export const EXACT_ZERO = -2_147_483_646;

/** The integer that cfitsio writes for NaN (`ZBLANK`) unless told otherwise. */
export const DEFAULT_ZBLANK = -2_147_483_647;

/** Integers from the least on that stand for no value: `DEFAULT_ZBLANK`, `EXACT_ZERO`, and some that cfitsio keeps for itself. */
const RESERVED = 10;
const MOST_INT = 2_147_483_647;

/** How one tile of quantised floats is turned back. */
export interface TileQuantization {
  /** `ZSCALE` and `ZZERO` of the tile. */
  readonly scale: number;
  readonly zero: number;
  /** The integer that stands for NaN; undefined when the file names none. */
  readonly zblank?: number | undefined;
  readonly method: QuantizeMethod;
  /** Number of the tile counted from 0, plus `ZDITHER0` - 1. Of no effect under NO_DITHER. */
  readonly tileRow: number;
}

/** The same for many row tiles: entry i belongs to tile i. */
export interface RowQuantization {
  readonly scale: Float64Array;
  readonly zero: Float64Array;
  /** One for all tiles, or one for each. */
  readonly zblank?: number | Int32Array | undefined;
  readonly method: QuantizeMethod;
  readonly tileRow: ArrayLike<number>;
}

/** The quantisation of one of several tiles, from 0. */
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

/** How floats are to be quantised. */
export interface QuantizeOptions {
  /** Steps in the noise of a tile, as of `fpack -q`: 4 is usual, 0 means 4; negative: the step itself, in units of the pixels. */
  readonly level: number;
  readonly method: QuantizeMethod;
  /** Number of the tile counted from 0, plus `ZDITHER0` - 1. */
  readonly tileRow: number;
  /** Pixels in a row of the tile; noise is estimated row by row. */
  readonly rowLength: number;
}

/** Scaling of a quantised tile; `blank` tells whether any pixel was NaN and is `DEFAULT_ZBLANK` now. */
export interface QuantizedTile {
  readonly scale: number;
  readonly zero: number;
  readonly blank: boolean;
}

/**
 * Quantises a tile of floats into `out`, step and zero point being those that fpack chooses. Undefined, when the tile has no noise to
 * scale by or a range beyond 32 bits: then it must be kept without loss. Infinite pixels are `FITS_WRITE`.
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
    throw new FitsError("FITS_WRITE", "infinite pixels cannot be quantised");
  const scale = level < 0 ? -Math.fround(level) : sigma / (level === 0 ? 4 : Math.fround(level));
  const range = pixels instanceof Float32Array ? Math.fround(most - least) : most - least;
  if (scale === 0 || range / scale > 2 * MOST_INT - RESERVED) return undefined;
  const blank = good < pixels.length;
  let zero = least - scale * (RESERVED - MOST_INT);
  if (!blank && method !== "SUBTRACTIVE_DITHER_2") {
    // A multiple of the step, so that packing an unpacked file again gives the same integers.
    if (range / scale < MOST_INT - RESERVED) zero = Math.trunc(least / scale + 0.5) * scale;
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
