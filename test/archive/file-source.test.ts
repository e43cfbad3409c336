import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFileSource } from "../../src/archive/file-source.ts";

let folder: string;
let path: string;
const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-source-"));
  path = join(folder, "a.bin");
  writeFileSync(path, bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  { offset: 999, length: 2 },
  { offset: -1, length: 2 },
  { offset: 2 ** 53, length: 1 },
])(
  "reading a local file at $offset + $length is FITS_TRUNCATED, and the error names the bytes",
  async (range) => {
    const source = openFileSource(path);
    await expect(source.read([range])).rejects.toMatchObject({
      code: "FITS_TRUNCATED",
      details: { offset: range.offset, fileSize: 1000 },
    });
    source.close();
  },
);

test("a local file that shrinks after it was opened is SOURCE_CHANGED", async () => {
  const shrinking = join(folder, "shrinking.bin");
  writeFileSync(shrinking, bytes);
  const source = openFileSource(shrinking);
  truncateSync(shrinking, 10);
  await expect(source.read([{ offset: 0, length: 1000 }])).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
  source.close();
});

test("opening a missing local file is SOURCE_MISSING, a folder SOURCE_UNREADABLE", () => {
  expect(() => openFileSource(join(folder, "none"))).toThrow(
    expect.objectContaining({ code: "SOURCE_MISSING" }),
  );
  expect(() => openFileSource(folder)).toThrow(expect.objectContaining({ code: "SOURCE_UNREADABLE" }));
});
