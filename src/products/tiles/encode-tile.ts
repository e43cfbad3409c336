import { encodeRice, tileNoise } from "@sbnsis/fits/internal";

/** Bytes before the code of a tile. */
const TILE_HEAD = 32;

/** How the pixels of a tile are coded. */
const TILE_CODING = { constant: 0, rice16: 1, rice32: 2, float32: 3 } as const;

/** Bits of the flags of a tile. */
const BLANKS = 1;
const ROUNDED = 2;

const BLANK16 = -0x8000;
const BLANK32 = -0x80000000;

/** Pixels in a block of RICE_1, as in FITS. */
const RICE_BLOCK = 32;

/** Part of the noise to which values are rounded. */
const STEPS_PER_SIGMA = 8;

/** Pixels of whole rows from which the noise of a tile is estimated. */
const NOISE_PIXELS = 8192;

interface TileShape {
  readonly width: number;
  readonly height: number;
}

/** Integers as a file stores them: value = zero + scale * stored. */
export interface StoredPixels extends TileShape {
  readonly stored: Uint8Array | Int16Array | Int32Array;
  readonly zero: number;
  readonly scale: number;
  /** Stored value of pixels without a value. */
  readonly blank: number | undefined;
}

/**
 * A tile of integers, exactly: RICE in 16 bits, or in 32 if they and the marker of pixels without a
 * value do not fit.
 */
export function encodeStored({ width, height, stored, zero, scale, blank }: StoredPixels): Uint8Array {
  const shape = { width, height };
  if (stored.every((pixel) => pixel === stored[0])) {
    const flags = stored[0] === blank ? BLANKS : 0;
    return tile(shape, TILE_CODING.constant, flags, zero + scale * stored[0]!, 0, NOTHING);
  }
  const isBlank = blank !== undefined && stored.includes(blank);
  const isShort = stored instanceof Int32Array || isBlank ? fits(stored, blank) : true;
  const code = integers(stored, isShort);
  if (isBlank) {
    const sign = isShort ? BLANK16 : BLANK32;
    for (let i = 0; i < code.length; i++) if (stored[i] === blank) code[i] = sign;
  }
  const coding = isShort ? TILE_CODING.rice16 : TILE_CODING.rice32;
  return tile(shape, coding, isBlank ? BLANKS : 0, zero, scale, encodeRice(code, RICE_BLOCK));
}

/** Whether values and the marker of pixels without one fit in 16 bits. */
function fits(stored: StoredPixels["stored"], blank: number | undefined): boolean {
  return stored.every((pixel) => (pixel >= -0x7fff && pixel <= 0x7fff) || pixel === blank);
}

function integers(stored: StoredPixels["stored"], isShort: boolean): Int16Array | Int32Array {
  if (isShort) return stored instanceof Int16Array ? stored : new Int16Array(stored);
  return stored instanceof Int32Array ? stored : new Int32Array(stored);
}

/** Values of any kind, NaN for pixels without one. */
export interface ValuePixels extends TileShape {
  readonly values: Float64Array;
  /** Keep float32 values as they are instead of rounding them. */
  readonly exact: boolean;
}

/**
 * A tile of values, rounded to a step of an eighth of their noise: the error is at most a sixteenth
 * of the noise everywhere. Values without noise, and all values with `exact`, are kept as float32.
 */
export function encodeValues({ width, height, values, exact }: ValuePixels): Uint8Array {
  const shape = { width, height };
  const { least, most, good } = rangeOf(values);
  const hasBlanks = good < values.length;
  if (good === 0) return tile(shape, TILE_CODING.constant, BLANKS, 0, 0, NOTHING);
  if (least === most && !hasBlanks) return tile(shape, TILE_CODING.constant, 0, least, 0, NOTHING);
  const step = exact ? 0 : noiseOf(values, width, height) / STEPS_PER_SIGMA;
  const half = (most - least) / 2 / step;
  const flags = hasBlanks ? BLANKS : 0;
  if (!(step > 0) || !(half < 0x7ffffff0)) {
    return tile(shape, TILE_CODING.float32, flags, 0, 1, shuffled(Float32Array.from(values)));
  }
  const zero = Math.round((least + most) / 2 / step) * step;
  const isShort = half < 0x7ff0;
  const code = isShort
    ? rounded(values, zero, step, new Int16Array(values.length))
    : rounded(values, zero, step, new Int32Array(values.length));
  if (hasBlanks) {
    const blank = isShort ? BLANK16 : BLANK32;
    for (let i = 0; i < code.length; i++) if (Number.isNaN(values[i])) code[i] = blank;
  }
  const coding = isShort ? TILE_CODING.rice16 : TILE_CODING.rice32;
  return tile(shape, coding, flags | ROUNDED, zero, step, encodeRice(code, RICE_BLOCK));
}

/** Values in steps from zero; those of NaN are not specified. */
function rounded<T extends Int16Array | Int32Array>(
  values: Float64Array,
  zero: number,
  step: number,
  out: T,
): T {
  const perStep = 1 / step;
  for (let i = 0; i < out.length; i++) out[i] = Math.floor((values[i]! - zero) * perStep + 0.5);
  return out;
}

/** Range of the finite values, and how many there are; the others become NaN. */
function rangeOf(values: Float64Array) {
  let [least, most, good] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) {
      values[i] = Number.NaN;
      continue;
    }
    good++;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most, good };
}

/** Noise of a tile, from some of its rows unless those have none. */
function noiseOf(values: Float64Array, width: number, height: number): number {
  const step = Math.floor((width * height) / NOISE_PIXELS);
  if (step > 1) {
    const rows = Math.ceil(height / step);
    const some = new Float64Array(rows * width);
    for (let k = 0; k < rows; k++)
      some.set(values.subarray(k * step * width, (k * step + 1) * width), k * width);
    const { sigma } = tileNoise(some, width);
    if (sigma > 0) return sigma;
  }
  return tileNoise(values, width).sigma;
}

const NOTHING = new Uint8Array(0);

/** First bytes of all pixels, then the second ones, and so on: similar bytes compress better. */
function shuffled(values: Float32Array): Uint8Array {
  const view = new DataView(values.buffer);
  const count = values.length;
  const bytes = new Uint8Array(4 * count);
  for (let i = 0; i < count; i++) {
    const word = view.getUint32(4 * i, LITTLE);
    for (let k = 0; k < 4; k++) bytes[k * count + i] = (word >>> (8 * k)) & 0xff;
  }
  return bytes;
}

const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A tile: `SIT1`, coding, flags, width, height, zero and scale, little-endian, then its code. */
function tile(
  { width, height }: TileShape,
  coding: number,
  flags: number,
  zero: number,
  scale: number,
  code: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(TILE_HEAD + code.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x53, 0x49, 0x54, 0x31, coding, flags]);
  view.setUint16(6, width, true);
  view.setUint16(8, height, true);
  view.setFloat64(16, zero, true);
  view.setFloat64(24, scale, true);
  bytes.set(code, TILE_HEAD);
  return bytes;
}
