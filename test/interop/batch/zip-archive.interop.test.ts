import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ZipEntry, zipArchive } from "../../../src/http/batch/files/zip-archive.ts";

const HOLE = 3 * 2 ** 30;

/** A file of zeros that is never read, so that archives of many gigabytes take no time. */
function sparse(name: string, size: number): ZipEntry {
  return { name, size, crc32: 0x1234_5678, modifiedMs: 1e12, read: async function* () {} };
}

const LIST = `
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
for i in z.infolist()[-3:]: print(i.filename, i.file_size, i.header_offset)
print(len(z.infolist()), z.read("last.txt"))
`;

describe("large ZIP archives, as Python's zipfile and Info-ZIP read them", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sis-zip-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Writes an archive to a sparse file: headers where they belong, holes for the files. */
  async function write(entries: readonly ZipEntry[]): Promise<string> {
    const path = join(folder, "large.zip");
    const archive = zipArchive(entries);
    const file = openSync(path, "w");
    ftruncateSync(file, archive.size);
    let at = 0;
    for (const { size, name } of entries) {
      const head = 30 + name.length + (size >= 0xffff_ffff ? 20 : 0);
      let place = at;
      const last = size > 1000 ? at + head - 1 : at + head + size - 1;
      for await (const part of archive.read(at, last)) place += writeSync(file, part, 0, part.length, place);
      at += head + size;
    }
    for await (const part of archive.read(at, archive.size - 1))
      at += writeSync(file, part, 0, part.length, at);
    expect(at).toBe(archive.size);
    closeSync(file);
    return path;
  }
  const last = Buffer.from("the end");
  const text: ZipEntry = {
    name: "last.txt",
    size: last.length,
    crc32: crc32(last),
    modifiedMs: 1e12,
    read: async function* (from, to) {
      yield last.subarray(from, to + 1);
    },
  };
  const listed = (path: string) =>
    execFileSync("python3", ["-c", LIST, path], { encoding: "utf8" }).trim().split("\n");

  it("a file beyond 4 GiB, and one of more than 4 GiB, are found by ZIP64", async () => {
    const path = await write([sparse("a", HOLE), sparse("b", 2 * HOLE), text]);
    const second = 31 + HOLE;
    const third = second + 31 + 20 + 2 * HOLE;
    expect(listed(path)).toEqual([
      `a ${HOLE} 0`,
      `b ${2 * HOLE} ${second}`,
      `last.txt 7 ${third}`,
      "3 b'the end'",
    ]);
    expect(execFileSync("unzip", ["-p", path, "last.txt"], { encoding: "utf8" })).toBe("the end");
  });

  it("70,000 files are counted by ZIP64", async () => {
    const many = Array.from({ length: 70_000 }, (_, i): ZipEntry => ({ ...sparse(`${i}`, 0), crc32: 0 }));
    const path = await write([...many, text]);
    expect(listed(path).at(-1)).toBe("70001 b'the end'");
    expect(execFileSync("unzip", ["-tq", path], { encoding: "utf8" })).toMatch(/No errors detected/);
  });
});
