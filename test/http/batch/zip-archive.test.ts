import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type ZipArchive, type ZipEntry, zipArchive } from "../../../src/http/batch/files/zip-archive.ts";

/**
 * Written by zipfile of Python 3.11 (ZIP_STORED, create_system 3, mode 0100644) for the files
 * below.
 */
const PYTHON_ZIP =
  "504b0304140000000000d5937c5d20303a36060000000600000005000000612e74787468656c6c6f0a504b0304140000080000000021000000000000000000000000000c000000303030325fc3a92e66697473504b01021403140000000000d5937c5d20303a360600000006000000050000000000000000000000a48100000000612e747874504b01021403140000080000000021000000000000000000000000000c0000000000000000000000a48129000000303030325fc3a92e66697473504b050600000000020002006d000000530000000000";

function entryOf(name: string, bytes: Uint8Array, modifiedMs: number): ZipEntry {
  return {
    name,
    size: bytes.length,
    crc32: crc32(bytes),
    modifiedMs,
    read: async function* (first, last) {
      yield bytes.subarray(first, last + 1);
    },
  };
}

async function bytesOf({ size, read }: ZipArchive, first = 0, last = size - 1): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of read(first, last)) parts.push(part);
  return Buffer.concat(parts);
}

describe("a ZIP archive", () => {
  it("a ZIP archive has the bytes that Python's zipfile writes, also for a name with an accent and an empty file", async () => {
    const archive = zipArchive([
      entryOf("a.txt", Buffer.from("hello\n"), Date.UTC(2026, 10, 28, 18, 30, 43)),
      entryOf("0002_é.fits", Buffer.alloc(0), 0),
    ]);
    const bytes = await bytesOf(archive);
    expect(bytes.toString("hex")).toBe(PYTHON_ZIP);
    expect(archive.size).toBe(bytes.length);
  });

  it("a ZIP archive read from any byte to any other is that part of the whole", async () => {
    const files = [0, 1, 700, 3, 0].map((size, i) => entryOf(`file ${i}`, randomBytes(size), 1e12));
    const archive = zipArchive(files);
    const whole = await bytesOf(archive);
    for (let first = 0; first < whole.length; first += 1) {
      const last = Math.min(whole.length - 1, first + ((first * 7919) % 900));
      const part = await bytesOf(archive, first, last);
      if (!part.equals(whole.subarray(first, last + 1)))
        expect(part).toEqual(whole.subarray(first, last + 1));
    }
    expect(await bytesOf(archive, whole.length - 1)).toEqual(whole.subarray(-1));
  });

  it("a part of a ZIP archive reads only the files that it touches", async () => {
    const read: string[] = [];
    const files = ["a", "b", "c"].map((name) => {
      const file = entryOf(name, randomBytes(100), 1e12);
      const watched: ZipEntry["read"] = (first, last) => {
        read.push(`${name} ${first}-${last}`);
        return file.read(first, last);
      };
      return { ...file, read: watched };
    });
    const archive = zipArchive(files);
    // local headers of 31 bytes: file b begins at byte 131 + 31
    await bytesOf(archive, 131 + 31 + 40, 131 + 31 + 49);
    expect(read).toEqual(["b 40-49"]);
  });

  it("a ZIP archive without files is only the end record (APPNOTE 4.3.16)", async () => {
    expect((await bytesOf(zipArchive([]))).toString("hex")).toBe(`504b0506${"00".repeat(18)}`);
  });
});
