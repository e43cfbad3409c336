import { Inflate as Inflater, inflateSync } from "fflate";
import { FitsError } from "../../errors.ts";
import { type DeflateFormat, deflateTrailer } from "./deflate-trailer.ts";

/**
 * Decompresses the first member of `bytes` into an array of exactly its length, at most
 * `maxLength`; anything after the member is ignored, as in cfitsio.
 * Errors: FITS_TILE_CORRUPT for damaged bytes, an early end, a wrong checksum, or more than
 * `maxLength` bytes.
 * The default is pure TypeScript; on Node, the service passes a decompressor that uses zlib.
 */
export type Inflate = (bytes: Uint8Array, maxLength: number, format: DeflateFormat) => Uint8Array;

/** Maximum expansion: a match of 258 bytes takes at least two bits. */
const MAX_EXPANSION = 1032;

/**
 * Input bytes per call, so few that even a decompression bomb takes a fraction of a second and
 * little memory.
 */
const PIECE = 65_536;

/**
 * The default `Inflate`, using fflate. Memory is bounded by `maxLength` and by how far the input
 * can expand.
 */
export const inflateBytes: Inflate = (bytes, maxLength, format) => {
  const start = deflateStart(bytes, format);
  let plain: Uint8Array | undefined;
  try {
    plain = inflateData(bytes.subarray(start), maxLength);
  } catch (cause) {
    throw damagedDeflate(format, cause);
  }
  if (plain === undefined) throw tooLongDeflate(format, maxLength);
  // fflate does not report where the member ends, so search for its trailer: first at the end of
  // the input, then anywhere.
  const trailer = deflateTrailer(plain, format);
  for (let at = bytes.length - trailer.length; at >= start; at--) {
    if (trailer.every((byte, i) => bytes[at + i] === byte)) return plain;
  }
  throw damagedDeflate(format);
};

/** Undefined if the result exceeds `maxLength` bytes. */
function inflateData(data: Uint8Array, maxLength: number): Uint8Array | undefined {
  const most = Math.min(maxLength, MAX_EXPANSION * data.length);
  if (data.length <= PIECE) {
    // The extra byte detects an overflow; the typed array drops whatever comes after it.
    const plain = inflateSync(data, { out: new Uint8Array(most + 1) });
    return plain.length > maxLength ? undefined : plain;
  }
  const room = new Uint8Array(most);
  let length = 0;
  const inflater = new Inflater((piece) => {
    if (length + piece.length <= most) room.set(piece, length);
    length += piece.length;
  });
  for (let at = 0; at < data.length && length <= most; at += PIECE) {
    inflater.push(data.subarray(at, at + PIECE), at + PIECE >= data.length);
  }
  return length > most ? undefined : room.subarray(0, length);
}

/**
 * The error that every `Inflate` throws for data that are damaged, truncated, or have a wrong
 * checksum.
 */
export function damagedDeflate(format: DeflateFormat, cause?: unknown): FitsError {
  return new FitsError("FITS_TILE_CORRUPT", `the ${format} data are damaged or end too early`, {
    cause,
  });
}

/** The error that every `Inflate` throws for data that exceed the limit. */
export function tooLongDeflate(format: DeflateFormat, maxLength: number): FitsError {
  return new FitsError(
    "FITS_TILE_CORRUPT",
    `the ${format} data hold more than the ${maxLength} bytes allowed`,
  );
}

/**
 * Start of the deflated data, after the header of their wrapper. `FITS_TILE_CORRUPT` when the
 * header is not valid.
 */
export function deflateStart(bytes: Uint8Array, format: DeflateFormat): number {
  return format === "gzip" ? gzipHeaderLength(bytes) : zlibHeaderLength(bytes);
}

/** The wrapper indicated by the first bytes; undefined when it is neither. */
export function deflateFormat(bytes: Uint8Array): DeflateFormat | undefined {
  if (bytes.length < 2) return undefined;
  const word = (bytes[0]! << 8) | bytes[1]!;
  if (word === 0x1f8b) return "gzip";
  return (bytes[0]! & 0x0f) === 8 && word % 31 === 0 ? "zlib" : undefined;
}

function damagedHeader(format: DeflateFormat): FitsError {
  return new FitsError("FITS_TILE_CORRUPT", `the ${format} data have no valid header`);
}

/** RFC 1952, 2.3: the fixed ten bytes, then the optional fields announced by the flags. */
function gzipHeaderLength(bytes: Uint8Array): number {
  if (deflateFormat(bytes) !== "gzip" || bytes[2] !== 8 || bytes.length < 18) throw damagedHeader("gzip");
  const flags = bytes[3]!;
  let at = 10;
  if (flags & 4) at += 2 + (bytes[at]! | (bytes[at + 1]! << 8));
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) throw damagedHeader("gzip");
    at = end + 1;
  }
  if (flags & 2) at += 2;
  if (at >= bytes.length) throw damagedHeader("gzip");
  return at;
}

/** RFC 1950, 2.2; preset dictionaries are not supported. */
function zlibHeaderLength(bytes: Uint8Array): number {
  if (bytes.length < 7 || deflateFormat(bytes) !== "zlib" || (bytes[1]! & 0x20) !== 0)
    throw damagedHeader("zlib");
  return 2;
}
