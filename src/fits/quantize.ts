import { DITHER_LENGTH, ditherPosition, ditherRun, ditherTable } from "./quantize-dither.ts";

/** How quantised floats were dithered (`ZQUANTIZ`, FITS 4.0, 10.2). */
export type QuantizeMethod = "NO_DITHER" | "SUBTRACTIVE_DITHER_1" | "SUBTRACTIVE_DITHER_2";

/** The integer that stands for an exact 0.0 under SUBTRACTIVE_DITHER_2. */
export const EXACT_ZERO = -2_147_483_646;

/** The integer that cfitsio writes for NaN (`ZBLANK`) unless told otherwise. */
export const DEFAULT_ZBLANK = -2_147_483_648;

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

/**
 * Turns the first `count` integers of a tile into floats: (n - r + 0.5) * scale + zero in float64, rounded once when `out` is Float32Array,
 * as cfitsio computes it, r being the dither of the pixel (FITS 4.0, 10.2); without dithering n * scale + zero. `zblank` gives NaN.
 * `first` is the number (from 0) in the tile of the pixel at `ints[0]`.
 */
export function dequantize(
  ints: ArrayLike<number>,
  out: Float32Array | Float64Array,
  count: number,
  tile: TileQuantization,
  first = 0,
): void {
  if (tile.method === "NO_DITHER") dequantizePlain(ints, out, count, tile);
  else dequantizeDithered(ints, out, count, tile, first);
}

function dequantizePlain(
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

function dequantizeDithered(
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
