import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { ByteSource } from "@sbnsis/fits";
import Bunzip from "seek-bzip";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import { type MemoryMeter, UNMETERED } from "../memory-meter.ts";
import { unpackCompress } from "./unix-compress.ts";
import { tooLarge, UnpackedBytes, type UnpackOptions } from "./unpacked-bytes.ts";

/** Maximum unpacked size in bytes: files are unpacked into memory. */
const UNPACKED_LIMIT = 2 ** 30;

/** Compressed bytes read at a time when they need not all be in memory. */
const PIECE = 4 * 2 ** 20;
/**
 * Size of an empty gzip file, and the largest number of bytes that one deflated byte can stand for.
 */
const SMALLEST_GZIP = 18;
const MOST_EXPANSION = 1032;
/** Output bytes per call of zlib. */
const CHUNK = 2 ** 18;

/** How a file is unpacked. */
export interface UnpackSourceOptions {
  /** Maximum unpacked size in bytes; defaults to 1 GiB. */
  readonly limit?: number;
  readonly memory?: MemoryMeter;
  /** Called repeatedly; throwing stops the work. */
  readonly checkpoint?: () => void;
  readonly signal?: AbortSignal;
}

type Unpack = (
  source: ByteSource,
  size: number,
  options: UnpackOptions,
  signal: AbortSignal | undefined,
) => Promise<UnpackedBytes>;

/** First bytes of compressed files: gzip (RFC 1952), Unix compress, bzip2. */
const PACKERS: readonly (readonly [readonly number[], Unpack])[] = [
  [[0x1f, 0x8b], gunzip],
  [[0x1f, 0x9d], inMemory(unpackCompress)],
  [[0x42, 0x5a, 0x68], inMemory(unpackBzip2)],
];

/**
 * The content of a source that is compressed as a whole with gzip, Unix compress or bzip2,
 * recognized by its first bytes, as a source in memory; undefined when it is not compressed. The
 * unpacked size is limited, by default to 1 GiB, and memory is reserved with the meter first.
 * Errors: FITS_CORRUPT for damaged or truncated data, FITS_TOO_LARGE; those of the source, the
 * meter and the checkpoint.
 */
export async function unpackedSource(
  source: ByteSource,
  { limit = UNPACKED_LIMIT, memory, checkpoint, signal }: UnpackSourceOptions = {},
): Promise<ByteSource | undefined> {
  const options = signal === undefined ? {} : { signal };
  const size = await source.size(options);
  const [head] = await source.read([{ offset: 0, length: Math.min(size, 3) }], options);
  const packer = PACKERS.find(([magic]) => magic.every((byte, i) => head![i] === byte));
  if (packer === undefined) return undefined;
  if (size > limit) throw tooLarge(limit);
  const unpack = { limit, ...(memory && { memory }), ...(checkpoint && { checkpoint }) };
  return (await packer[1](source, size, unpack, signal)).source();
}

/** For formats that need the compressed bytes in memory. */
function inMemory(unpack: (packed: Uint8Array, options: UnpackOptions) => UnpackedBytes): Unpack {
  return async (source, size, options, signal) => {
    (options.memory ?? UNMETERED).hold("packed", size);
    const [packed] = await source.read([{ offset: 0, length: size }], signal === undefined ? {} : { signal });
    return unpack(packed!, options);
  };
}

/** Unpacks all members of a gzip file, read in pieces. */
async function gunzip(
  source: ByteSource,
  size: number,
  options: UnpackOptions,
  signal: AbortSignal | undefined,
): Promise<UnpackedBytes> {
  const reading = signal === undefined ? {} : { signal };
  const { memory = UNMETERED, checkpoint } = options;
  const announced = size < SMALLEST_GZIP ? 0 : await storedLength(source, size, reading);
  // reserve everything at once for a whole file, so that the task need not be restarted for lack of
  // memory
  if (announced <= size * MOST_EXPANSION) memory.hold("unpacked", announced);
  const out = new UnpackedBytes(options);
  async function* pieces() {
    for (let offset = 0; offset < size; offset += PIECE) {
      checkpoint?.();
      const length = Math.min(PIECE, size - offset);
      yield* await source.read([{ offset, length }], reading);
    }
  }
  let ours: unknown;
  try {
    await pipeline(
      Readable.from(keepError(pieces())),
      createGunzip({ chunkSize: CHUNK }),
      async (unpacked) => {
        for await (const chunk of unpacked) {
          try {
            out.append(chunk as Uint8Array);
          } catch (error) {
            ours = error;
            throw error;
          }
        }
      },
    );
  } catch (cause) {
    if (ours !== undefined) throw ours;
    if (isSisError(cause)) throw cause;
    throw new SisError("FITS_CORRUPT", "the gzip file is damaged or truncated", { cause });
  }
  return out;

  async function* keepError(read: AsyncIterable<Uint8Array>) {
    try {
      yield* read;
    } catch (error) {
      ours = error;
      throw error;
    }
  }
}

/** The length stored at the end of a gzip file with one member, modulo 2^32 (RFC 1952, 2.3.1). */
async function storedLength(
  source: ByteSource,
  size: number,
  options: { readonly signal?: AbortSignal },
): Promise<number> {
  const [word] = await source.read([{ offset: size - 4, length: 4 }], options);
  return new DataView(word!.buffer, word!.byteOffset, 4).getUint32(0, true);
}

/** Compressed bytes between two checks for cancellation: up to a block, a fraction of a second. */
const STEP = 65_536;

/**
 * Unpacks bzip2, one stream or several, and verifies checksums.
 * Errors: FITS_CORRUPT, those of UnpackedBytes.
 */
function unpackBzip2(packed: Uint8Array, options: UnpackOptions): UnpackedBytes {
  const out = new UnpackedBytes(options);
  const { checkpoint } = options;
  let at = 0;
  const readByte = () => {
    if (at >= packed.length) throw new RangeError("the packed bytes end too early");
    if (at % STEP === 0) checkpoint?.();
    return packed[at++]!;
  };
  const input = {
    readByte,
    read: (buffer: Uint8Array, offset: number, length: number) => {
      for (let i = 0; i < length; i++) buffer[offset + i] = readByte();
      return length;
    },
    eof: () => at >= packed.length,
  };
  try {
    Bunzip.decode(input, { writeByte: (byte: number) => out.push(byte) }, true);
  } catch (cause) {
    if (isSisError(cause)) throw cause;
    throw new SisError("FITS_CORRUPT", "the bzip2 file is damaged or truncated", { cause });
  }
  return out;
}
