import { expect, test } from "vitest";
import { openFits } from "../src/file/fits-file.ts";
import { latin1Bytes } from "../src/header/card.ts";
import { concat } from "./support/cards.ts";
import { CountingSource } from "./support/memory-source.ts";

/** First bytes according to the format specifications and the magic file of file(1). */
const FORMATS: readonly (readonly [string, string])[] = [
  ["PK\x03\x04\x14\0\0\0\x08\0", "packed by zip, which is not unpacked here"],
  ["PK\x05\x06\0\0\0\0\0\0", "packed by zip, which is not unpacked here"],
  ["\xfd7zXZ\0\0\x04\xe6\xd6", "packed by xz, which is not unpacked here"],
  ["]\0\0\x80\0\xff\xff\xff\xff", "packed by lzma, which is not unpacked here"],
  ["LZIP\x01\x0c", "packed by lzip, which is not unpacked here"],
  ["\x04\x22\x4d\x18\x64\x40", "packed by lz4, which is not unpacked here"],
  ["\x02\x21\x4c\x18\0\0", "packed by lz4, which is not unpacked here"],
  ["\x28\xb5\x2f\xfd\x04\x58", "packed by zstd, which is not unpacked here"],
  ["\x5a\x2a\x4d\x18\x04\0\0\0", "packed by zstd, which is not unpacked here"],
  ["7z\xbc\xaf\x27\x1c\0\x04", "packed by 7z, which is not unpacked here"],
  ["Rar!\x1a\x07\0", "packed by rar, which is not unpacked here"],
  ["Rar!\x1a\x07\x01\0", "packed by rar, which is not unpacked here"],
  ["MSCF\0\0\0\0", "packed by cabinet, which is not unpacked here"],
  [`${"image.fits".padEnd(257, "\0")}ustar\x0000`, "packed by tar, which is not unpacked here"],
  [`${"image.fits".padEnd(257, "\0")}ustar  \0`, "packed by tar, which is not unpacked here"],
  ["\x89LZO\0\r\n\x1a\n", "packed by lzop, which is not unpacked here"],
  ["\xff\x06\0\0sNaPpY", "packed by snappy, which is not unpacked here"],
  ["\x1f\xa0abc", "packed by LZH compress, which is not unpacked here"],
  ["\x1f\x1eabc", "packed by Unix pack, which is not unpacked here"],
  // A gzip or bzip2 file gets this far only when its name hides the compression or when it is
  // compressed twice.
  ["\x1f\x8b\x08", "packed by gzip, which is not unpacked here"],
  ["BZh91AY&SY", "packed by bzip2, which is not unpacked here"],
  ["\x89PNG\r\n\x1a\n", "a PNG picture"],
  ["\xff\xd8\xff\xe0", "a JPEG picture"],
  ["\x89HDF\r\n\x1a\n", "an HDF5 file"],
  ["<!DOCTYPE html><title>404</title>", "an HTML page"],
  ["  <html>", "an HTML page"],
  ['<?xml version="1.0"?>', "an XML document"],
  ["SIMPLETON of text", "not a FITS file"],
];

test.each(FORMATS)("a file that begins with %j is refused as %s", async (head, format) => {
  const bytes = concat(latin1Bytes(head), new Uint8Array(3000).fill(7));
  await expect(openFits(new CountingSource(bytes))).rejects.toMatchObject({
    code: "FITS_CORRUPT",
    message: `the file does not begin with SIMPLE: it is ${format}`,
  });
});

test("an empty file and one of zeros are refused as such", async () => {
  const refused = (bytes: Uint8Array) => openFits(new CountingSource(bytes)).catch(({ message }) => message);
  expect(await refused(new Uint8Array(0))).toBe("the file does not begin with SIMPLE: it is empty");
  expect(await refused(new Uint8Array(5760))).toBe(
    "the file does not begin with SIMPLE: it is a file of zeros",
  );
});
