import type { ReadPart } from "../../../products/product.ts";

/** A file in an archive, whose bytes are read when they are needed. */
export interface ZipEntry {
  /** Path inside the archive. */
  readonly name: string;
  readonly size: number;
  /** CRC-32 of all bytes (ISO 3309). */
  readonly crc32: number;
  /** Time shown by programs that unpack, milliseconds since 1970. */
  readonly modifiedMs: number;
  readonly read: ReadPart;
}

/** An archive that can be read from any byte on; nothing of it is stored. */
export interface ZipArchive {
  readonly size: number;
  readonly read: ReadPart;
}

const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const ZIP64_FIELD_BYTES = 28;
const ZIP64_LOCAL_FIELD_BYTES = 20;
const ZIP64_END_BYTES = 56;
const ZIP64_LOCATOR_BYTES = 20;
const END_BYTES = 22;
/**
 * Written in place of numbers that do not fit into 32 or 16 bits, which are in the ZIP64 fields.
 */
const IN_ZIP64 = 0xffff_ffff;
const COUNT_IN_ZIP64 = 0xffff;
/** Versions needed: 2.0, and 4.5 for ZIP64. */
const VERSION = 20;
const ZIP64_VERSION = 45;
/** Names with other characters than ASCII are UTF-8 (general purpose bit 11). */
const UTF8_NAME = 0x800;
/** Made on UNIX; a regular file with permissions rw-r--r--. */
const UNIX = 3 << 8;
const ATTRIBUTES = 0o100644 * 0x1_0000;

/** An entry with its offset. */
interface Placed {
  readonly entry: ZipEntry;
  readonly name: Buffer;
  readonly offset: number;
  /** Where its bytes begin. */
  readonly start: number;
}

const isLarge = ({ size }: ZipEntry): boolean => size >= IN_ZIP64;

/**
 * A ZIP archive of uncompressed files (PKWARE APPNOTE 6.3.10), with ZIP64 where sizes, offsets or
 * their number need it. Its size is known before anything is read, and each part can be read by
 * itself, so that a download can be resumed. Compressed images do not get smaller.
 */
export function zipArchive(entries: readonly ZipEntry[]): ZipArchive {
  let offset = 0;
  const placed = entries.map((entry): Placed => {
    const name = Buffer.from(entry.name);
    const start = offset + LOCAL_HEADER_BYTES + name.length + (isLarge(entry) ? ZIP64_LOCAL_FIELD_BYTES : 0);
    const one = { entry, name, offset, start };
    offset = start + entry.size;
    return one;
  });
  const directory = offset;
  const directoryBytes = placed.reduce((sum, one) => sum + centralBytes(one), 0);
  const needs64 = placed.length >= COUNT_IN_ZIP64 || directory >= IN_ZIP64 || directoryBytes >= IN_ZIP64;
  const size = directory + directoryBytes + (needs64 ? ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES : 0) + END_BYTES;
  async function* read(first: number, last: number): AsyncGenerator<Uint8Array> {
    for (let i = firstAt(placed, first); i < placed.length && placed[i]!.offset <= last; i += 1) {
      const { entry, offset, start } = placed[i]!;
      if (first < start)
        yield localHeader(placed[i]!).subarray(Math.max(0, first - offset), last + 1 - offset);
      const from = Math.max(first, start);
      const to = Math.min(last, start + entry.size - 1);
      if (from <= to) yield* entry.read(from - start, to - start);
    }
    if (last < directory) return;
    const tail = Buffer.concat([
      ...placed.map(centralHeader),
      ...(needs64 ? [zip64End(placed.length, directory, directoryBytes)] : []),
      end(placed.length, directory, directoryBytes),
    ]);
    yield tail.subarray(Math.max(0, first - directory), last + 1 - directory);
  }
  return { size, read };
}

/** Index of the entry with byte `at`, or of the one after all. */
function firstAt(placed: readonly Placed[], at: number): number {
  let low = 0;
  let high = placed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { start, entry } = placed[middle]!;
    if (start + entry.size <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Date and time in the form of MS-DOS, UTC, from 1980 on, in steps of 2 s. */
function dosTime(ms: number): { readonly time: number; readonly date: number } {
  const at = new Date(Math.max(ms, Date.UTC(1980, 0, 1)));
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return { time, date };
}

/**
 * The fields that both headers of an entry have, from `version needed` to the length of the name.
 */
function writeCommon(target: Buffer, at: number, { entry, name }: Placed, version: number): void {
  const { time, date } = dosTime(entry.modifiedMs);
  const size = isLarge(entry) ? IN_ZIP64 : entry.size;
  target.writeUInt16LE(version, at);
  target.writeUInt16LE(name.length === entry.name.length ? 0 : UTF8_NAME, at + 2);
  target.writeUInt16LE(0, at + 4);
  target.writeUInt16LE(time, at + 6);
  target.writeUInt16LE(date, at + 8);
  target.writeUInt32LE(entry.crc32, at + 10);
  target.writeUInt32LE(size, at + 14);
  target.writeUInt32LE(size, at + 18);
  target.writeUInt16LE(name.length, at + 22);
}

/** Local file header (4.3.7). */
function localHeader(placed: Placed): Buffer {
  const { entry, name } = placed;
  const header = Buffer.alloc(LOCAL_HEADER_BYTES);
  header.writeUInt32LE(0x0403_4b50, 0);
  writeCommon(header, 4, placed, isLarge(entry) ? ZIP64_VERSION : VERSION);
  if (!isLarge(entry)) return Buffer.concat([header, name]);
  const field = Buffer.alloc(ZIP64_LOCAL_FIELD_BYTES);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(16, 2);
  field.writeBigUInt64LE(BigInt(entry.size), 4);
  field.writeBigUInt64LE(BigInt(entry.size), 12);
  header.writeUInt16LE(field.length, 28);
  return Buffer.concat([header, name, field]);
}

const needsField = ({ entry, offset }: Placed): boolean => isLarge(entry) || offset >= IN_ZIP64;

function centralBytes(placed: Placed): number {
  return CENTRAL_HEADER_BYTES + placed.name.length + (needsField(placed) ? ZIP64_FIELD_BYTES : 0);
}

/** Central directory header (4.3.12), with all three ZIP64 values (4.5.3) where one is needed. */
function centralHeader(placed: Placed): Buffer {
  const { entry, name, offset } = placed;
  const large = needsField(placed);
  const header = Buffer.alloc(CENTRAL_HEADER_BYTES);
  const version = large ? ZIP64_VERSION : VERSION;
  header.writeUInt32LE(0x0201_4b50, 0);
  header.writeUInt16LE(UNIX | version, 4);
  writeCommon(header, 6, placed, version);
  header.writeUInt32LE(ATTRIBUTES, 38);
  if (!large) {
    header.writeUInt32LE(offset, 42);
    return Buffer.concat([header, name]);
  }
  for (const at of [20, 24, 42]) header.writeUInt32LE(IN_ZIP64, at);
  const field = Buffer.alloc(ZIP64_FIELD_BYTES);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(24, 2);
  for (const [i, value] of [entry.size, entry.size, offset].entries())
    field.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  header.writeUInt16LE(field.length, 30);
  return Buffer.concat([header, name, field]);
}

/** ZIP64 end of central directory record and its locator (4.3.14, 4.3.15). */
function zip64End(count: number, directory: number, directoryBytes: number): Buffer {
  const record = Buffer.alloc(ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES);
  record.writeUInt32LE(0x0606_4b50, 0);
  record.writeBigUInt64LE(BigInt(ZIP64_END_BYTES - 12), 4);
  record.writeUInt16LE(UNIX | ZIP64_VERSION, 12);
  record.writeUInt16LE(ZIP64_VERSION, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(directoryBytes), 40);
  record.writeBigUInt64LE(BigInt(directory), 48);
  record.writeUInt32LE(0x0706_4b50, 56);
  record.writeBigUInt64LE(BigInt(directory + directoryBytes), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

/** End of central directory record (4.3.16). */
function end(count: number, directory: number, directoryBytes: number): Buffer {
  const record = Buffer.alloc(END_BYTES);
  const entries = Math.min(count, COUNT_IN_ZIP64);
  record.writeUInt32LE(0x0605_4b50, 0);
  record.writeUInt16LE(entries, 8);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(Math.min(directoryBytes, IN_ZIP64), 12);
  record.writeUInt32LE(Math.min(directory, IN_ZIP64), 16);
  return record;
}
