import Bunzip from "seek-bzip";
import { isSisError, SisError } from "../errors/sis-error.ts";
import { GrowingBytes } from "./growing-bytes.ts";

/** Unpacks what bzip2 packed, one stream or several, checksums included. Errors: FITS_CORRUPT, FITS_TOO_LARGE for more than `limit` bytes. */
export function unpackBzip2(packed: Uint8Array, limit: number): Uint8Array {
  const out = new GrowingBytes(limit);
  let at = 0;
  const readByte = () => {
    if (at >= packed.length) throw new RangeError("the packed bytes end too early");
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
  return out.bytes();
}
