import { constants } from "node:buffer";
import { crc32, inflateRawSync } from "node:zlib";
import type { Inflate } from "@sbnsis/fits";
import { damagedDeflate, deflateStart, deflateTrailer, tooLongDeflate } from "@sbnsis/fits/internal";

/** Bytes of output that zlib is given at a time: from the least to the most, as many as there should be where that is known. */
const LEAST_PIECE = 4096;
const MOST_PIECE = 1_048_576;
/** zlib must have room left to see the end. */
const SPARE = 64;

interface Inflated {
  readonly buffer: Uint8Array;
  /** What read the data; it counts the bytes that it took. */
  readonly engine: { readonly bytesWritten: number };
}

/**
 * An `Inflate` made of node:zlib, three times as fast as the pure one, and with the same results. Memory grows with the output,
 * up to `maxLength`.
 */
export const nodeInflate: Inflate = (bytes, maxLength, format) => {
  const start = deflateStart(bytes, format);
  const most = Math.min(maxLength + 1, constants.MAX_LENGTH);
  const expected = Math.min(most, format === "gzip" ? lastWord(bytes) : most) + SPARE;
  const chunkSize = Math.min(Math.max(expected, LEAST_PIECE), MOST_PIECE);
  let inflated: Inflated;
  try {
    const options = { maxOutputLength: most, chunkSize, info: true };
    inflated = inflateRawSync(bytes.subarray(start), options) as unknown as Inflated;
  } catch (cause) {
    const isTooLong = (cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw isTooLong ? tooLongDeflate(format, maxLength) : damagedDeflate(format, cause);
  }
  const { buffer, engine } = inflated;
  if (buffer.length > maxLength) throw tooLongDeflate(format, maxLength);
  const trailer = deflateTrailer(buffer, format, crc32);
  const end = start + engine.bytesWritten;
  if (!trailer.every((byte, i) => bytes[end + i] === byte)) {
    throw damagedDeflate(format);
  }
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
};

/** The length that gzip data say they have at their end; anything else when they do not end there. */
function lastWord(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.getUint32(bytes.length - 4, true);
}
