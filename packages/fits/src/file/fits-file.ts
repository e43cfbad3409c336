import { FitsError, isFitsError } from "../errors.ts";
import { CARD_LENGTH, latin1 } from "../header/card.ts";
import { BLOCK_LENGTH, endOfHeader, paddedLength, parseHeader } from "../header/header.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { findExtension } from "./find-extension.ts";
import { foreignFormat } from "./foreign-format.ts";
import { type Hdu, hduOf } from "./hdu.ts";

/** Bytes read first for a header: most are shorter. */
const FIRST_READ = 8 * BLOCK_LENGTH;
/** Size limit of a header: 2.9 MB, 36,000 cards. It is copied into every cutout. */
const HEADER_LIMIT = 1_000 * BLOCK_LENGTH;
/** Size limit of all headers of a file; parsed cards take several times as much memory. */
const HEADERS_LIMIT = 64 * 2 ** 20;
/** Maximum number of HDUs in a file. */
const HDU_LIMIT = 10_000;

/**
 * How far to search for an HDU beyond the end of the previous one, when it does not begin there.
 */
const SEARCH_LIMIT = 1_048_576;

/** An HDU with an unreadable header. */
interface DamagedHdu {
  /** From 0, counted with the others. */
  readonly index: number;
  readonly headerOffset: number;
  readonly error: FitsError;
}

/** A file with its HDUs, found without reading their data. */
export interface FitsFile {
  readonly size: number;
  /**
   * In file order; HDU `index` is at `index`, unless `recover` was set and an earlier one is
   * damaged.
   */
  readonly hdus: readonly Hdu[];
  /** HDUs with an invalid header; at most one, the last, unless `recover` was set. */
  readonly damaged: readonly DamagedHdu[];
  /** Oddities of the file that do not prevent reading its HDUs. */
  readonly warnings: readonly string[];
  /** Error of the first damaged HDU; undefined when there is none. */
  readonly error: FitsError | undefined;
}

/** Options that say how far to look for HDUs. */
export interface OpenFitsOptions {
  readonly signal?: AbortSignal;
  /** Stops after the first HDU for which this is true. */
  readonly until?: (hdu: Hdu) => boolean;
  /**
   * Whether to look for further HDUs after a damaged header, through the whole file if necessary.
   * Defaults to false.
   */
  readonly recover?: boolean;
}

/**
 * Lists the HDUs of a file by reading only headers (FITS 4.0, 3.1).
 * Tolerates with a warning: a last block cut short, bytes after the last HDU, up to 1 MiB of bytes
 * between two HDUs, and NUL bytes in a header, which FITS 4.0, 4.1.2 does not allow.
 * Errors: FITS_CORRUPT for a file that does not begin like FITS, FITS_TRUNCATED when its first
 * header has no end, those of the source. Damage after the first HDU is reported in `error` of the
 * result.
 */
export async function openFits(source: ByteSource, options: OpenFitsOptions = {}): Promise<FitsFile> {
  const { signal, until, recover = false } = options;
  const waiting = signal === undefined ? {} : { signal };
  const size = await source.size(waiting);
  const hdus: Hdu[] = [];
  const damaged: DamagedHdu[] = [];
  const warnings: string[] = [];
  // Byte at which the next HDU should begin, and the end of the previous HDU's content.
  let at = 0;
  let end = 0;
  let headers = 0;
  while (at < size || hdus.length + damaged.length === 0) {
    const index = hdus.length + damaged.length;
    if (index === HDU_LIMIT) {
      warnings.push(`HDUs after the first ${HDU_LIMIT} are not listed`);
      break;
    }
    let hdu: Hdu | undefined;
    try {
      hdu = await readHdu(source, size, at, index, warnings, signal);
    } catch (error) {
      const isDamage = isFitsError(error) && error.code.startsWith("FITS_") && isFits(error);
      if (!isDamage || (index === 0 && !recover)) throw error;
      damaged.push({ index, headerOffset: at, error });
      const next = recover ? await findExtension(source, at + CARD_LENGTH, size, waiting) : undefined;
      if (next === undefined) break;
      at = end = next;
      continue;
    }
    if (hdu === undefined) {
      const next = await findExtension(source, end, recover ? size : SEARCH_LIMIT, waiting);
      // The padding after the data belongs to them, unless the next header begins in its place.
      const from = next !== undefined && next < at ? end : at;
      const last = next === undefined ? "the last HDU" : `HDU ${index - 1}`;
      warnings.push(
        `${(next ?? size) - from} bytes from byte ${from} on are after ${last} and belong to no HDU`,
      );
      if (next === undefined) break;
      at = end = next;
      continue;
    }
    hdus.push(hdu);
    headers += hdu.dataOffset - hdu.headerOffset;
    if (headers > HEADERS_LIMIT) {
      throw new FitsError(
        "FITS_TOO_LARGE",
        `the headers of the first ${hdus.length} HDUs have more than ${HEADERS_LIMIT} bytes`,
      );
    }
    if (until?.(hdu) === true) break;
    end = hdu.dataOffset + hdu.dataLength;
    if (end > size)
      warnings.push(`the data of HDU ${hdu.index} end at byte ${end}, the file at byte ${size}`);
    at = end + paddedLength(hdu.dataLength) - hdu.dataLength;
    if (end <= size && at > size) warnings.push(`the last block of the file is cut short`);
  }
  return { size, hdus, damaged, warnings, error: damaged[0]?.error };
}

/** Whether the file is FITS at all; other files are not searched. */
function isFits(error: FitsError): boolean {
  return error.details.noFits !== true;
}

/** The HDU at byte `at`; undefined when no extension begins there. */
async function readHdu(
  source: ByteSource,
  size: number,
  at: number,
  index: number,
  warnings: string[],
  signal: AbortSignal | undefined,
): Promise<Hdu | undefined> {
  const read = await readHeaderBytes(source, size, at, index, signal);
  if (read === undefined) return undefined;
  const { bytes, filling } = read;
  if (bytes.includes(0) || filling.includes(0)) {
    warnings.push(`the header of HDU ${index} has NUL bytes where blanks belong; they are read as blanks`);
    for (let i = bytes.indexOf(0); i >= 0; i = bytes.indexOf(0, i + 1)) bytes[i] = 32;
  }
  return located(index, at, () => {
    checkSingle(bytes);
    return hduOf(index, parseHeader(bytes), at, at + paddedLength(bytes.length));
  });
}

/** A header without END appears to extend to the END of the next one. */
function checkSingle(bytes: Uint8Array): void {
  for (let at = BLOCK_LENGTH; at < bytes.length; at += BLOCK_LENGTH) {
    if (latin1(bytes.subarray(at, at + 9)) === "XTENSION=")
      throw new FitsError("FITS_CORRUPT", `the header has no END before the next one, ${at} bytes later`);
  }
}

/**
 * The bytes of the header at `at`, including END and, as far as they were read, those that fill its
 * last block.
 */
async function readHeaderBytes(
  source: ByteSource,
  size: number,
  at: number,
  index: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly filling: Uint8Array } | undefined> {
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
      const format = foreignFormat(bytes) ?? "not a FITS file";
      throw new FitsError("FITS_CORRUPT", `the file does not begin with SIMPLE: it is ${format}`, {
        details: { noFits: true },
      });
    }
    const end = endOfHeader(bytes, searched);
    if (end >= 0) return { bytes: bytes.subarray(0, end), filling: bytes.subarray(end, paddedLength(end)) };
    searched = bytes.length - (bytes.length % CARD_LENGTH);
    if (wanted === size - at) {
      throw new FitsError(
        "FITS_TRUNCATED",
        `the header of HDU ${index} at byte ${at} has no END before the file's end at byte ${size}`,
        {
          details: { hdu: index, offset: at },
        },
      );
    }
    if (wanted === HEADER_LIMIT) {
      throw new FitsError(
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

/** Adds the number and place of the HDU to an error. */
export function located<T>(hdu: number, offset: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isFitsError(error) ? inHdu(error, hdu, offset) : error;
  }
}

function inHdu(error: FitsError, hdu: number, offset: number): FitsError {
  if (error.details.hdu !== undefined) return error;
  return new FitsError(error.code, `HDU ${hdu} at byte ${offset}: ${error.message}`, {
    details: { ...error.details, hdu, offset },
    cause: error.cause,
  });
}
