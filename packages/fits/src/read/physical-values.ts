import type { TilePixels } from "../codecs/tile/tile-codec.ts";
import type { ImageDescription } from "../describe/image-description.ts";
import type { Bitpix } from "../file/hdu.ts";

/** Physical values in the narrowest native array type for them. */
export type PhysicalArray = StoredArray | Int8Array | Uint16Array | Uint32Array | BigUint64Array;

/** The parts of an image description needed to convert stored to physical values. */
export type Scaling = Pick<ImageDescription, "bitpix" | "bscale" | "bzero" | "blank">;

/**
 * Physical values, stored * BSCALE + BZERO (FITS 4.0, 4.4.2.5).
 * Without scaling, the stored array itself. With the BZERO of the unsigned conventions (5.2.5),
 * Int8Array, Uint16Array, Uint32Array or BigUint64Array. Otherwise floats: Float32Array for BITPIX
 * 8, 16 and -32, else Float64Array, computed in float64 and rounded once.
 * An image with BLANK gives floats if one of its pixels is blank, with NaN there. Scaled 64-bit
 * integers lose digits that a double cannot represent.
 */
export function physicalValues(image: Scaling, stored: StoredArray): PhysicalArray {
  const { bscale, bzero, blank } = image;
  if (blank !== undefined && hasBlank(stored, blank)) return scaled(image, stored, blank);
  if (bscale === 1 && bzero === 0) return stored;
  return (bscale === 1 ? shifted(stored, bzero) : undefined) ?? scaled(image, stored, undefined);
}

function hasBlank(stored: StoredArray, blank: number | bigint): boolean {
  if (stored instanceof BigInt64Array) return stored.includes(BigInt(blank));
  if (stored instanceof Float32Array || stored instanceof Float64Array) return false;
  return stored.includes(Number(blank));
}

/** The unsigned conventions: flips the highest bit. */
function shifted(stored: StoredArray, bzero: number): PhysicalArray | undefined {
  if (stored instanceof Int16Array && bzero === 2 ** 15) {
    const bits = new Uint16Array(stored.length);
    bits.set(stored);
    // two at a time, starting with the one that is aligned
    const pairs = new Uint32Array(bits.buffer, 0, bits.length >> 1);
    for (let i = 0; i < pairs.length; i++) pairs[i] = pairs[i]! ^ 0x80008000;
    for (let i = 2 * pairs.length; i < bits.length; i++) bits[i] = bits[i]! ^ 0x8000;
    return bits;
  }
  if (stored instanceof Int32Array && bzero === 2 ** 31) {
    const bits = new Uint32Array(stored.length);
    for (let i = 0; i < bits.length; i++) bits[i] = stored[i]! ^ 0x80000000;
    return bits;
  }
  if (stored instanceof Uint8Array && bzero === -128) {
    const bits = new Int8Array(stored.length);
    for (let i = 0; i < bits.length; i++) bits[i] = stored[i]! ^ 0x80;
    return bits;
  }
  if (stored instanceof BigInt64Array && bzero === 2 ** 63) {
    const bits = new BigUint64Array(stored.length);
    for (let i = 0; i < bits.length; i++) bits[i] = BigInt.asUintN(64, stored[i]! + (1n << 63n));
    return bits;
  }
  return undefined;
}

function scaled(
  { bitpix, bscale, bzero }: Scaling,
  stored: StoredArray,
  blank: number | bigint | undefined,
): Float32Array | Float64Array {
  const narrow = bitpix === 8 || bitpix === 16 || bitpix === -32;
  const out = narrow ? new Float32Array(stored.length) : new Float64Array(stored.length);
  if (stored instanceof BigInt64Array) {
    // compared before rounding to doubles
    const none = blank === undefined ? undefined : BigInt(blank);
    for (let i = 0; i < out.length; i++)
      out[i] = stored[i] === none ? Number.NaN : Number(stored[i]!) * bscale + bzero;
  } else {
    const none = blank === undefined ? undefined : Number(blank);
    for (let i = 0; i < out.length; i++) out[i] = physical(stored[i]!, bscale, bzero, none);
  }
  return out;
}

function physical(value: number, bscale: number, bzero: number, blank: number | undefined): number {
  return value === blank ? Number.NaN : value * bscale + bzero;
}

/** Pixels as stored, in native byte order: before BSCALE, BZERO and BLANK. BITPIX 8 is unsigned. */
export type StoredArray = TilePixels;

const ARRAYS = {
  8: Uint8Array,
  16: Int16Array,
  32: Int32Array,
  64: BigInt64Array,
  "-32": Float32Array,
  "-64": Float64Array,
} as const;

/**
 * An array for stored pixels of a BITPIX: at the start of `memory` (at a multiple of 8 bytes),
 * keeping its content, or in new zeroed memory.
 */
export function storedArray(bitpix: Bitpix, length: number, memory?: Uint8Array<ArrayBuffer>): StoredArray {
  const Kind = ARRAYS[bitpix];
  return memory === undefined ? new Kind(length) : new Kind(memory.buffer, memory.byteOffset, length);
}
