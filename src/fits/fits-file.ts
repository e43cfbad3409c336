import { isSisError, SisError } from "../errors/sis-error.ts";
import type { ByteSource } from "./byte-source.ts";
import { CARD_LENGTH } from "./card.ts";
import { type Hdu, hduOf } from "./hdu.ts";
import { BLOCK_LENGTH, endOfHeader, parseHeader } from "./header.ts";
import { latin1 } from "./latin1.ts";

/** Bytes read at first for a header: most are shorter. */
const FIRST_READ = 8 * BLOCK_LENGTH;
/** Longest header that is read: 29 MB, more than 350 000 cards. */
const HEADER_LIMIT = 10_000 * BLOCK_LENGTH;
/** Most HDUs of a file. */
const HDU_LIMIT = 10_000;

/** A file, its HDUs found without reading their data. */
export interface FitsFile {
  readonly size: number;
  readonly hdus: readonly Hdu[];
  /** What is odd in the file but does not keep its HDUs from being read. */
  readonly warnings: readonly string[];
  /** Why the HDUs behind the last one of `hdus` could not be listed; undefined when the file was read to its end. */
  readonly error: SisError | undefined;
}

export interface OpenFitsOptions {
  readonly signal?: AbortSignal;
  /** Stop behind the first HDU for which this is true. */
  readonly until?: (hdu: Hdu) => boolean;
}

/**
 * Lists the HDUs of a file by reading headers alone (FITS 4.0, 3.1). A file whose last block is cut short, and bytes behind the last HDU, are warnings.
 * Errors: FITS_CORRUPT when the file does not begin as FITS files do, FITS_TRUNCATED when its first header has no end; damage behind the
 * first HDU is told in `error` of the answer. Those of the source.
 */
export async function openFits(source: ByteSource, options: OpenFitsOptions = {}): Promise<FitsFile> {
  const { signal, until } = options;
  const size = await source.size(signal === undefined ? {} : { signal });
  const hdus: Hdu[] = [];
  const warnings: string[] = [];
  for (let at = 0; at < size || hdus.length === 0; ) {
    let hdu: Hdu | undefined;
    try {
      hdu = await readHdu(source, size, at, hdus.length, signal);
    } catch (error) {
      if (hdus.length === 0 || !isSisError(error) || !error.code.startsWith("FITS_")) throw error;
      return { size, hdus, warnings, error };
    }
    if (hdu === undefined) {
      warnings.push(`${size - at} bytes from byte ${at} on are behind the last HDU and belong to none`);
      break;
    }
    hdus.push(hdu);
    if (until?.(hdu) === true) break;
    const end = hdu.dataOffset + hdu.dataLength;
    if (end > size)
      warnings.push(`the data of HDU ${hdu.index} end at byte ${end}, the file at byte ${size}`);
    at = Math.ceil(end / BLOCK_LENGTH) * BLOCK_LENGTH;
    if (end <= size && at > size) warnings.push(`the last block of the file is cut short`);
    if (hdus.length === HDU_LIMIT) {
      warnings.push(`HDUs behind the first ${HDU_LIMIT} are not listed`);
      break;
    }
  }
  return { size, hdus, warnings, error: undefined };
}

/** The HDU at byte `at`, or undefined when no extension begins there. */
async function readHdu(
  source: ByteSource,
  size: number,
  at: number,
  index: number,
  signal: AbortSignal | undefined,
): Promise<Hdu | undefined> {
  const bytes = await readHeaderBytes(source, size, at, index, signal);
  if (bytes === undefined) return undefined;
  return located(index, at, () =>
    hduOf(index, parseHeader(bytes), at, at + Math.ceil(bytes.length / BLOCK_LENGTH) * BLOCK_LENGTH),
  );
}

/** The bytes of the header at `at`, END included. */
async function readHeaderBytes(
  source: ByteSource,
  size: number,
  at: number,
  index: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  let bytes = new Uint8Array(0);
  for (let length = FIRST_READ, searched = 0; ; length *= 4) {
    const wanted = Math.min(length, HEADER_LIMIT, size - at);
    const [more] = await source.read(
      [{ offset: at + bytes.length, length: wanted - bytes.length }],
      signal === undefined ? {} : { signal },
    );
    bytes = joined(bytes, more!);
    if (searched === 0 && !beginsHdu(bytes, index)) {
      if (index > 0) return undefined;
      throw new SisError("FITS_CORRUPT", "the file does not begin with SIMPLE: it is no FITS file");
    }
    const end = endOfHeader(bytes, searched);
    if (end >= 0) return bytes.subarray(0, end);
    searched = bytes.length - (bytes.length % CARD_LENGTH);
    if (wanted === size - at) {
      throw new SisError(
        "FITS_TRUNCATED",
        `the header of HDU ${index} at byte ${at} has no END before the file's end at byte ${size}`,
        {
          details: { hdu: index, offset: at },
        },
      );
    }
    if (wanted === HEADER_LIMIT) {
      throw new SisError(
        "FITS_TOO_LARGE",
        `the header of HDU ${index} at byte ${at} is longer than ${HEADER_LIMIT} bytes`,
        {
          details: { hdu: index, offset: at },
        },
      );
    }
  }
}

function beginsHdu(bytes: Uint8Array, index: number): boolean {
  const start = latin1(bytes.subarray(0, 9)).toUpperCase();
  return index === 0 ? /^SIMPLE *=/.test(start) : /^XTENSION=/.test(start);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** Says of an error in which HDU it happened. */
export function located<T>(hdu: number, offset: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isSisError(error) ? inHdu(error, hdu, offset) : error;
  }
}

function inHdu(error: SisError, hdu: number, offset: number): SisError {
  if (error.details.hdu !== undefined) return error;
  return new SisError(error.code, `HDU ${hdu} at byte ${offset}: ${error.message}`, {
    details: { ...error.details, hdu, offset },
    cause: error.cause,
  });
}
