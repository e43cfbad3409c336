import { tileCodec } from "@sbnsis/fits/internal";
import type { PixelImage } from "./pixels.ts";

/** Length of a tile's header, bytes. */
const HEAD = 32;
const CONSTANT = 0;
const RICE_INT16 = 1;
const RICE_INT32 = 2;
const SHUFFLED_FLOAT32 = 3;
const HAS_BLANKS = 1;
const IS_ROUNDED = 2;
/** Maximum number of pixels along a side of a tile. */
const MAX_SIDE = 1024;

/**
 * Reads a tile of /images/{id}/tiles ("SIT1"). Errors: a TypeError that names the fault in the
 * header; FitsError for damaged RICE data.
 */
export function readTile(bytes: Uint8Array): PixelImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD || view.getUint32(0) !== 0x53495431) {
    throw new TypeError("the tile does not begin with SIT1");
  }
  const [coding, flags] = [bytes[4]!, bytes[5]!];
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  if (!(width >= 1 && height >= 1 && width <= MAX_SIDE && height <= MAX_SIDE)) {
    throw new TypeError(`the tile is ${width} x ${height} pixels; at most ${MAX_SIDE} are allowed`);
  }
  const count = width * height;
  const code = bytes.subarray(HEAD);
  const hasBlanks = (flags & HAS_BLANKS) !== 0;
  const common = {
    ...{ width, height },
    zero: view.getFloat64(16, true),
    scale: view.getFloat64(24, true),
    isExact: (flags & IS_ROUNDED) === 0,
  };
  const rice = (out: Int16Array | Int32Array, bytepix: 2 | 4) => {
    tileCodec("RICE_1").decode(code, out, { count, tileLength: count, bytepix, blocksize: 32 });
    return out;
  };
  switch (coding) {
    case CONSTANT:
      return { ...common, stored: new Int16Array(count), blank: hasBlanks ? 0 : undefined };
    case RICE_INT16:
      return { ...common, stored: rice(new Int16Array(count), 2), blank: hasBlanks ? -32768 : undefined };
    case RICE_INT32: {
      const stored = rice(new Int32Array(count), 4);
      return { ...common, stored, blank: hasBlanks ? -2147483648 : undefined };
    }
    case SHUFFLED_FLOAT32:
      return { ...common, stored: unshuffled(code, count), blank: undefined };
    default:
      throw new TypeError(`the coding of the tile is ${coding}; known are 0 to 3`);
  }
}

/**
 * Little-endian floats, stored as the first bytes of all of them, then all second bytes, and so on.
 */
function unshuffled(code: Uint8Array, count: number): Float32Array {
  if (code.length !== 4 * count) {
    throw new TypeError(`the tile has ${code.length} bytes of floats; ${4 * count} are needed`);
  }
  const out = new Float32Array(count);
  const bytes = new DataView(new ArrayBuffer(4));
  for (let i = 0; i < count; i++) {
    for (let plane = 0; plane < 4; plane++) bytes.setUint8(plane, code[plane * count + i]!);
    out[i] = bytes.getFloat32(0, true);
  }
  return out;
}
