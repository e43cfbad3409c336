import { constants } from "node:buffer";
import { crc32, inflateRawSync } from "node:zlib";
import type { Inflate } from "@sbnsis/fits";
import { damagedDeflate, deflateStart, deflateTrailer, tooLongDeflate } from "@sbnsis/fits/internal";

/**
 * Bytes of output buffer per call of zlib: the minimum and the maximum; the expected length is used
 * if it is known.
 */
const LEAST_PIECE = 4096;
const MOST_PIECE = 1_048_576;
/** zlib needs spare output to detect the end of the stream. */
const SPARE = 64;

interface Inflated {
  readonly buffer: Uint8Array;
  /** The stream that read the data; it counts the bytes that it consumed. */
  readonly engine: { readonly bytesWritten: number };
}

/**
 * An `Inflate` based on node:zlib: three times as fast as the pure JavaScript one, with the same
 * results. Memory grows with the output, up to `maxLength`.
 */
export const nodeInflate: Inflate = (bytes, maxLength, format) => {
  const start = deflateStart(bytes, format);
  const most = Math.min(maxLength + 1, constants.MAX_LENGTH);
  const expected = Math.min(most, format === "gzip" ? storedLength(bytes) : most) + SPARE;
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

/** The length stored at the end of gzip data; meaningless when they do not end there. */
function storedLength(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.getUint32(bytes.length - 4, true);
}
