import Bunzip from "seek-bzip";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import { UnpackedBytes, type UnpackOptions } from "./unpacked-bytes.ts";

/** Compressed bytes between two checks for cancellation: up to a block, a fraction of a second. */
const STEP = 65_536;

/**
 * Unpacks bzip2, one stream or several, and verifies checksums.
 * Errors: FITS_CORRUPT, those of UnpackedBytes.
 */
export function unpackBzip2(packed: Uint8Array, options: UnpackOptions): UnpackedBytes {
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
    throw new SisError("FITS_CORRUPT", "the file is packed by bzip2 and damaged or cut short", { cause });
  }
  return out;
}
