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
 * A tile of integers, exactly: RICE in 16 bits, or in 32 where they do not fit beside the sign for
 * pixels without a value.
 */
export function encodeStored({ width, height, stored, zero, scale, blank }: StoredPixels): Uint8Array {
  const shape = { width, height };
  const first = stored[0]!;
  let [hasBlanks, isConstant, fits] = [false, true, true];
  for (let i = 0; i < stored.length; i++) {
    const pixel = stored[i]!;
    if (pixel !== first) isConstant = false;
    if (pixel === blank) hasBlanks = true;
    else if (pixel < -0x7fff || pixel > 0x7fff) fits = false;
  }
  if (isConstant) {
    return tile(shape, TILE_CODING.constant, hasBlanks ? BLANKS : 0, zero + scale * first, 0, NOTHING);
  }
  const isShort = fits || (!hasBlanks && !(stored instanceof Int32Array));
  const code = isShort ? Int16Array.from(stored) : Int32Array.from(stored);
  if (hasBlanks) {
    const sign = isShort ? BLANK16 : BLANK32;
    for (let i = 0; i < code.length; i++) if (stored[i] === blank) code[i] = sign;
  }
  const coding = isShort ? TILE_CODING.rice16 : TILE_CODING.rice32;
  return tile(shape, coding, hasBlanks ? BLANKS : 0, zero, scale, encodeRice(code, RICE_BLOCK));
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
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) values[i] = Number.NaN;
  }
  const { least, most, good, sigma } = tileNoise(values, width);
  const hasBlanks = good < values.length;
  if (good === 0) return tile(shape, TILE_CODING.constant, BLANKS, 0, 0, NOTHING);
  if (least === most && !hasBlanks) return tile(shape, TILE_CODING.constant, 0, least, 0, NOTHING);
  const step = sigma / STEPS_PER_SIGMA;
  const half = (most - least) / 2 / step;
  const flags = hasBlanks ? BLANKS : 0;
  if (exact || !(step > 0) || !(half < 0x7ffffff0)) {
    return tile(shape, TILE_CODING.float32, flags, 0, 1, shuffled(Float32Array.from(values)));
  }
  const zero = Math.round((least + most) / 2 / step) * step;
  const isShort = half < 0x7ff0;
  const code = isShort ? new Int16Array(values.length) : new Int32Array(values.length);
  const blank = isShort ? BLANK16 : BLANK32;
  for (let i = 0; i < code.length; i++) {
    const value = values[i]!;
    code[i] = Number.isNaN(value) ? blank : Math.round((value - zero) / step);
  }
  const coding = isShort ? TILE_CODING.rice16 : TILE_CODING.rice32;
  return tile(shape, coding, flags | ROUNDED, zero, step, encodeRice(code, RICE_BLOCK));
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
