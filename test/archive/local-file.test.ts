import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findLocalFile } from "../../src/archive/local-file.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-local-"));
  for (const name of ["plain.fits", "a b#c?d%.fits", "äf.fits", "100%25.fits"]) {
    writeFileSync(join(folder, name), name);
  }
  mkdirSync(join(folder, "folder.fits"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each(["plain.fits", "a b#c?d%.fits", "äf.fits", "100%25.fits"])(
  "findLocalFile finds %s by its RFC 8089 URL",
  async (name) => {
    const file = await findLocalFile(pathToFileURL(join(folder, name)).href);
    expect(file.path).toBe(join(folder, name));
    expect(file.size).toBe(Buffer.byteLength(name));
  },
);

test.each(["plain.fits", "a b#c?d%.fits", "äf.fits", "100%25.fits"])(
  "findLocalFile finds %s by the unescaped URL that the Python service wrote",
  async (name) => {
    expect((await findLocalFile(`file://${join(folder, name)}`)).path).toBe(join(folder, name));
  },
);

test.each([
  ["file:///no/such/file.fits", "SOURCE_MISSING"],
  ["https://example.org/a.fits", "SOURCE_SCHEME"],
  ["s3://bucket/a.fits", "SOURCE_SCHEME"],
  ["file://otherhost/a.fits", "SOURCE_SCHEME"],
  ["a.fits", "SOURCE_SCHEME"],
  ["file:///a%00b.fits", "SOURCE_UNREADABLE"],
])("findLocalFile: %s is %s", async (url, code) => {
  await expect(findLocalFile(url)).rejects.toMatchObject({ code });
});

test("findLocalFile: a folder is SOURCE_UNREADABLE", async () => {
  await expect(findLocalFile(`file://${folder}/folder.fits`)).rejects.toMatchObject({
    code: "SOURCE_UNREADABLE",
  });
});
