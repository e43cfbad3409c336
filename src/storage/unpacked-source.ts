import { constants } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { SisError } from "../errors/sis-error.ts";
import type { ByteSource } from "../fits/byte-source.ts";
import { tooLarge } from "./growing-bytes.ts";
import { memorySource } from "./memory-source.ts";
import { unpackCompress } from "./unix-compress.ts";
import { unpackBzip2 } from "./unpack-bzip2.ts";

/** Most bytes that a packed file may hold: it is unpacked into memory. */
const UNPACKED_LIMIT = 2 ** 30;

type Unpack = (packed: Uint8Array, limit: number) => Uint8Array;

/** First bytes of packed files: gzip (RFC 1952), Unix compress, bzip2. */
const PACKERS: readonly (readonly [readonly number[], Unpack])[] = [
  [[0x1f, 0x8b], gunzip],
  [[0x1f, 0x9d], unpackCompress],
  [[0x42, 0x5a, 0x68], unpackBzip2],
];

/**
 * What a source holds when the whole of it is packed by gzip, Unix compress or bzip2, known by its first bytes: a source over memory; undefined when it is
 * not packed. Expansion has a limit, by default 1 GiB.
 * Errors: FITS_CORRUPT for packed bytes that are damaged or cut short, FITS_TOO_LARGE; those of the source.
 */
export async function unpackedSource(
  source: ByteSource,
  { limit = UNPACKED_LIMIT, signal }: { readonly limit?: number; readonly signal?: AbortSignal } = {},
): Promise<ByteSource | undefined> {
  const options = signal === undefined ? {} : { signal };
  const size = await source.size(options);
  const [head] = await source.read([{ offset: 0, length: Math.min(size, 3) }], options);
  const packer = PACKERS.find(([magic]) => magic.every((byte, i) => head![i] === byte));
  if (packer === undefined) return undefined;
  if (size > limit) throw tooLarge(limit);
  const [packed] = await source.read([{ offset: 0, length: size }], options);
  return memorySource(packer[1](packed!, limit));
}

function gunzip(packed: Uint8Array, limit: number): Uint8Array {
  try {
    return gunzipSync(packed, { maxOutputLength: Math.min(limit, constants.MAX_LENGTH) });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(limit);
    throw new SisError("FITS_CORRUPT", "the file is packed by gzip and damaged or cut short", { cause });
  }
}
