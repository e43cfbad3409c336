import { inflateSync } from "fflate";
import { SisError } from "../../errors/sis-error.ts";

/** How deflated bytes are wrapped: RFC 1952 or RFC 1950. */
export type DeflateFormat = "gzip" | "zlib";

/**
 * Decompresses the first member of `bytes`, at most `maxLength` bytes, into an array of exactly their number; what follows the member is
 * ignored, as cfitsio does. Damaged bytes, an early end, or more than `maxLength`: `FITS_TILE_CORRUPT`. Threads on Node pass one made of
 * node:zlib; the default is pure TypeScript.
 */
export type Inflate = (bytes: Uint8Array, maxLength: number, format: DeflateFormat) => Uint8Array;

/** The default `Inflate`, by fflate. Memory is bounded by `maxLength`. It checks the trailing length, not the checksum. */
export const inflateBytes: Inflate = (bytes, maxLength, format) => {
  const start = format === "gzip" ? gzipHeaderLength(bytes) : zlibHeaderLength(bytes);
  // One byte more than allowed shows an overflow; what would lie behind it is dropped by the typed array.
  const room = new Uint8Array(maxLength + 1);
  let inflated: Uint8Array;
  try {
    inflated = inflateSync(bytes.subarray(start), { out: room });
  } catch (cause) {
    throw new SisError("FITS_TILE_CORRUPT", `the ${format} data are damaged or end too early`, { cause });
  }
  if (inflated.length > maxLength) {
    throw new SisError(
      "FITS_TILE_CORRUPT",
      `the ${format} data hold more than the ${maxLength} bytes allowed`,
    );
  }
  return inflated;
};

/** The wrapping that the first bytes show, or undefined when they are neither. */
export function deflateFormat(bytes: Uint8Array): DeflateFormat | undefined {
  if (bytes.length < 2) return undefined;
  const word = (bytes[0]! << 8) | bytes[1]!;
  if (word === 0x1f8b) return "gzip";
  return (bytes[0]! & 0x0f) === 8 && word % 31 === 0 ? "zlib" : undefined;
}

function damagedHeader(format: DeflateFormat): SisError {
  return new SisError("FITS_TILE_CORRUPT", `the ${format} data have no valid header`);
}

/** RFC 1952, 2.3: the fixed ten bytes, then the optional fields that the flags announce. */
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

/** RFC 1950, 2.2; preset dictionaries are not known here. */
function zlibHeaderLength(bytes: Uint8Array): number {
  if (deflateFormat(bytes) !== "zlib" || (bytes[1]! & 0x20) !== 0) throw damagedHeader("zlib");
  return 2;
}
