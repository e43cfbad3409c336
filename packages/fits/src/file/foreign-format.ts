import { latin1 } from "../header/card.ts";

/** A format other than FITS: its first bytes, in Latin-1, and their offset. */
interface Signature {
  readonly bytes: string;
  readonly at?: number;
  readonly name: string;
}

const PACKINGS: readonly Signature[] = [
  { bytes: "\x1f\x8b", name: "gzip" },
  { bytes: "\x1f\x9d", name: "Unix compress" },
  { bytes: "\x1f\xa0", name: "LZH compress" },
  { bytes: "\x1f\x1e", name: "Unix pack" },
  { bytes: "BZh", name: "bzip2" },
  { bytes: "PK\x03\x04", name: "zip" },
  { bytes: "PK\x05\x06", name: "zip" },
  { bytes: "PK\x07\x08", name: "zip" },
  { bytes: "\xfd7zXZ\0", name: "xz" },
  { bytes: "]\0\0", name: "lzma" },
  { bytes: "LZIP", name: "lzip" },
  { bytes: "\x89LZO\0", name: "lzop" },
  { bytes: "\x04\x22\x4d\x18", name: "lz4" },
  { bytes: "\x02\x21\x4c\x18", name: "lz4" },
  { bytes: "\x28\xb5\x2f\xfd", name: "zstd" },
  { bytes: "\xff\x06\0\0sNaPpY", name: "snappy" },
  { bytes: "7z\xbc\xaf\x27\x1c", name: "7z" },
  { bytes: "Rar!\x1a\x07", name: "rar" },
  { bytes: "MSCF\0\0\0\0", name: "cabinet" },
  { bytes: "ustar", at: 257, name: "tar" },
];

const OTHERS: readonly Signature[] = [
  { bytes: "\x89PNG", name: "a PNG picture" },
  { bytes: "\xff\xd8\xff", name: "a JPEG picture" },
  { bytes: "GIF8", name: "a GIF picture" },
  { bytes: "II*\0", name: "a TIFF picture" },
  { bytes: "MM\0*", name: "a TIFF picture" },
  { bytes: "\x89HDF\r\n\x1a\n", name: "an HDF5 file" },
  { bytes: "CDF\x01", name: "a netCDF file" },
  { bytes: "%PDF", name: "a PDF document" },
];

/**
 * The format of a file that begins with `head`, as part of a sentence: `packed by xz, which is not
 * unpacked`; undefined when unknown.
 */
export function foreignFormat(head: Uint8Array): string | undefined {
  if (head.length === 0) return "empty";
  const text = latin1(head.subarray(0, 512));
  const begins = ({ bytes, at = 0 }: Signature) => text.startsWith(bytes, at);
  const packing = PACKINGS.find(begins);
  // A zstd file may begin with a skippable frame, of which there are 16 kinds.
  const isSkippable = (head[0]! & 0xf0) === 0x50 && text.startsWith("\x2a\x4d\x18", 1);
  const name = packing?.name ?? (isSkippable ? "zstd" : undefined);
  if (name !== undefined) return `packed by ${name}, which is not unpacked here`;
  const other = OTHERS.find(begins)?.name;
  if (other !== undefined) return other;
  const markup = /^(?:\xef\xbb\xbf)?[ \t\r\n]{0,64}<(!doctype html|html|\?xml)/i.exec(text)?.[1];
  if (markup !== undefined) return markup.toLowerCase() === "?xml" ? "an XML document" : "an HTML page";
  return head.every((byte) => byte === 0) ? "a file of zeros" : undefined;
}
