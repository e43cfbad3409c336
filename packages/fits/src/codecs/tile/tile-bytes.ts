import { FitsError } from "../../errors.ts";
import { KERNEL_WORK, type Kernel } from "../../kernel/kernel.ts";
import { LITTLE_ENDIAN } from "../../kernel/web-assembly.ts";
import type { TilePixels } from "./tile-codec.ts";

/** Below this number of pixels, calling the kernel costs more than it saves. */
const FEW = 64;

const SIGNED_RANGE = { 1: [0, 255], 2: [-32_768, 32_767] } as const;

/**
 * Where big-endian pixels are in bytes: byte k of pixel i is at `k * byteStep + i * pixelStep`.
 * Steps of 1 and `width` are the plain order (FITS 4.0, 5), the number of pixels in the tile and 1
 * the shuffled one of GZIP_2 (FITS 4.0, 10.4.2).
 */
export interface ByteLayout {
  readonly count: number;
  /** Bytes of a pixel. */
  readonly width: number;
  readonly byteStep: number;
  readonly pixelStep: number;
}

/**
 * Unpacks big-endian pixels from `bytes` into `out`.
 * A Float32Array takes 4-byte floats, a Float64Array 8-byte ones; integer arrays take integers of
 * any width whose values fit, 1-byte ones being unsigned. Uses `kernel`, or plain TypeScript when
 * that is undefined.
 * Errors: FITS_TILE_CORRUPT for an integer outside the array's range, FITS_UNSUPPORTED for other
 * combinations.
 */
export function unpackPixels(
  bytes: Uint8Array,
  out: TilePixels,
  layout: ByteLayout,
  kernel: Kernel | undefined,
): void {
  const { count, width, byteStep, pixelStep } = layout;
  if (count > 0 && bytes.length <= (count - 1) * pixelStep + (width - 1) * byteStep) {
    throw new FitsError(
      "FITS_TILE_CORRUPT",
      `a tile of ${bytes.length} bytes is too short for ${count} pixels of ${width} bytes`,
    );
  }
  if (width === out.BYTES_PER_ELEMENT) {
    const plane = pixelStep === 1 ? byteStep : 0;
    const whole = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
    const suits = kernel !== undefined && count >= FEW && (width === 2 || width === 4);
    if (suits && unpackByKernel(kernel, bytes, whole, count, width, plane)) return;
    if (width === 1) unpack1(bytes, out as Uint8Array, count, pixelStep);
    else if (width === 2) unpack2(bytes, out as Int16Array, count, byteStep, pixelStep);
    else if (width === 4) unpack4(bytes, words(out), count, byteStep, pixelStep);
    else unpack8(bytes, words(out), count, byteStep, pixelStep);
    return;
  }
  const isFloat = out instanceof Float32Array || out instanceof Float64Array;
  if (isFloat || width === 8) {
    throw new FitsError(
      "FITS_UNSUPPORTED",
      `a tile of ${width}-byte pixels cannot be read as ${out.constructor.name}`,
    );
  }
  const read =
    width === 1 ? new Uint8Array(count) : width === 2 ? new Int16Array(count) : new Int32Array(count);
  unpackPixels(bytes, read, layout, kernel);
  convertIntegers(read, out, count);
}

/**
 * Copies `count` integers into an array of another width. Errors: FITS_TILE_CORRUPT for one outside
 * its range.
 */
export function convertIntegers(
  from: Uint8Array | Int16Array | Int32Array,
  out: TilePixels,
  count: number,
): void {
  if (out instanceof BigInt64Array) {
    for (let i = 0; i < count; i++) out[i] = BigInt(from[i]!);
    return;
  }
  if (
    from.BYTES_PER_ELEMENT > out.BYTES_PER_ELEMENT ||
    (from instanceof Int16Array && out instanceof Uint8Array)
  ) {
    const [least, most] = SIGNED_RANGE[out.BYTES_PER_ELEMENT as 1 | 2];
    for (let i = 0; i < count; i++) {
      const value = from[i]!;
      if (value < least || value > most) {
        throw new FitsError(
          "FITS_TILE_CORRUPT",
          `pixel ${i} of a tile is ${value}, which its BITPIX cannot hold`,
        );
      }
    }
  }
  out.set(count === from.length ? from : from.subarray(0, count));
}

/**
 * Packs pixels as big-endian bytes; steps as in {@link unpackPixels}. Writes to `into`, which must
 * start at a multiple of 8 bytes of its buffer, or to a new array.
 */
export function packPixels(
  pixels: TilePixels,
  byteStep: number,
  pixelStep: number,
  into?: Uint8Array,
): Uint8Array {
  const width = pixels.BYTES_PER_ELEMENT;
  const native = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const packed = into ?? new Uint8Array(pixels.byteLength);
  if (LITTLE_ENDIAN && width === 2 && byteStep === 1) {
    const from = new Uint16Array(pixels.buffer, pixels.byteOffset, pixels.length);
    const to = new Uint16Array(packed.buffer, packed.byteOffset, pixels.length);
    for (let i = 0; i < from.length; i++) to[i] = (from[i]! << 8) | (from[i]! >>> 8);
    return packed;
  }
  if (LITTLE_ENDIAN && width === 4 && byteStep === 1) {
    const from = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length);
    const to = new Uint32Array(packed.buffer, packed.byteOffset, pixels.length);
    for (let i = 0; i < from.length; i++) {
      const word = from[i]!;
      to[i] = (word << 24) | ((word << 8) & 0xff0000) | ((word >>> 8) & 0xff00) | (word >>> 24);
    }
    return packed;
  }
  for (let k = 0; k < width; k++) {
    let to = k * byteStep;
    for (let from = LITTLE_ENDIAN ? width - 1 - k : k; from < native.length; from += width, to += pixelStep) {
      packed[to] = native[from]!;
    }
  }
  return packed;
}

function words(out: TilePixels): Int32Array {
  return new Int32Array(out.buffer, out.byteOffset, out.byteLength >> 2);
}

function unpack1(bytes: Uint8Array, out: Uint8Array, count: number, pixelStep: number): void {
  if (pixelStep === 1) out.set(bytes.subarray(0, count));
  else for (let i = 0, at = 0; i < count; i++, at += pixelStep) out[i] = bytes[at]!;
}

function unpack2(
  bytes: Uint8Array,
  out: Int16Array,
  count: number,
  byteStep: number,
  pixelStep: number,
): void {
  for (let i = 0, at = 0; i < count; i++, at += pixelStep) out[i] = (bytes[at]! << 8) | bytes[at + byteStep]!;
}

function unpack4(
  bytes: Uint8Array,
  out: Int32Array,
  count: number,
  byteStep: number,
  pixelStep: number,
): void {
  for (let i = 0, at = 0; i < count; i++, at += pixelStep) out[i] = word(bytes, at, byteStep);
}

function unpack8(
  bytes: Uint8Array,
  out: Int32Array,
  count: number,
  byteStep: number,
  pixelStep: number,
): void {
  const high = LITTLE_ENDIAN ? 1 : 0;
  for (let i = 0, at = 0; i < count; i++, at += pixelStep) {
    out[2 * i + high] = word(bytes, at, byteStep);
    out[2 * i + 1 - high] = word(bytes, at + 4 * byteStep, byteStep);
  }
}

function word(bytes: Uint8Array, at: number, step: number): number {
  return (
    (bytes[at]! << 24) | (bytes[at + step]! << 16) | (bytes[at + 2 * step]! << 8) | bytes[at + 3 * step]!
  );
}

/** Pixels unpacked between two copies. */
const BATCH = 16_384;
/** Bytes that the kernel may write after the last pixel. */
const SLACK = 64;

/**
 * Unpacks `count` big-endian pixels of 2 or 4 bytes into `out`, a byte array of the same length.
 * `plane`: bytes from one plane to the next when the bytes of the pixels are in planes, otherwise
 * 0.
 * False, without side effects, when there is not enough memory.
 */
function unpackByKernel(
  kernel: Kernel,
  bytes: Uint8Array,
  out: Uint8Array,
  count: number,
  width: 2 | 4,
  plane: number,
): boolean {
  const batch = Math.min(BATCH, 16 * Math.ceil(count / 16));
  const to = KERNEL_WORK + batch * width;
  const room = kernel.withMemory(to + batch * width + SLACK);
  if (room === undefined) return false;
  const memory = new Uint8Array(room.memory);
  for (let i = 0; i < count; i += batch) {
    const n = Math.min(batch, count - i);
    if (plane === 0) memory.set(bytes.subarray(i * width, (i + n) * width), KERNEL_WORK);
    else {
      for (let k = 0; k < width; k++) {
        memory.set(bytes.subarray(k * plane + i, k * plane + i + n), KERNEL_WORK + k * batch);
      }
    }
    room.exports.unpack(KERNEL_WORK, to, n, width, plane === 0 ? 0 : batch);
    out.set(memory.subarray(to, to + n * width), i * width);
  }
  return true;
}
