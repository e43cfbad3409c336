import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalAccess, ownFileNames } from "../../src/archive/local-access.ts";
import { findLocalFile } from "../../src/archive/local-file.ts";

let folder: string;
const url = (...names: string[]) => pathToFileURL(join(folder, ...names)).href;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sis-links-")));
  for (const name of ["archive/night", "other", "service/cache/0"])
    mkdirSync(join(folder, name), { recursive: true });
  const files = [
    "archive/night/a.fits",
    "archive/b.fits",
    "other/o.fits",
    "service/.env",
    "service/default.db",
  ];
  for (const name of [
    ...files,
    "service/default.db-wal",
    "service/cache/0/product.fits",
    "service/data.fits",
  ])
    writeFileSync(join(folder, name), "x");
  symlinkSync("../b.fits", join(folder, "archive/night/inside.fits"));
  symlinkSync("../../other/o.fits", join(folder, "archive/night/outside.fits"));
  symlinkSync(join(folder, "other"), join(folder, "archive/night/folder"));
  symlinkSync("../../service/.env", join(folder, "archive/night/env.fits"));
  symlinkSync(join(folder, "archive"), join(folder, "way"));
  linkSync(join(folder, "service/.env"), join(folder, "archive/night/hard.fits"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const access = (followLinks: boolean): LocalAccess => ({
  followLinks,
  ownFiles: ownFileNames(
    [".env", "default.db", "cache", "not-there.log"].map((name) => join(folder, "service", name)),
  ),
});
const find = (image: string, label: string, { follow = false, roots = [] as string[] } = {}) =>
  findLocalFile(url(image), roots, access(follow), url(label));
const refused = { code: "SOURCE_NOT_ALLOWED" };

describe("symbolic links in an archive", () => {
  test.each([
    ["archive/night/a.fits", "archive/night/a.xml"],
    // the label is above the image, so the link stays within its archive
    ["archive/night/inside.fits", "archive/a.xml"],
    // links above the archive are the operator's
    ["way/night/a.fits", "way/night/a.xml"],
    ["way/night/inside.fits", "way/a.xml"],
  ])("the linked file %s with the label %s is read", async (image, label) => {
    expect((await find(image, label)).size).toBe(1);
  });

  test.each([
    ["archive/night/outside.fits", "archive/night/a.xml"],
    ["archive/night/inside.fits", "archive/night/a.xml"],
    ["archive/night/folder/o.fits", "archive/night/a.xml"],
    ["way/night/outside.fits", "way/a.xml"],
  ])(
    "the link %s with the label %s leads outside and is SOURCE_NOT_ALLOWED, unless links are followed or a root contains both",
    async (image, label) => {
      await expect(find(image, label)).rejects.toMatchObject(refused);
      expect((await find(image, label, { follow: true })).size).toBe(1);
      expect((await find(image, label, { roots: [folder] })).size).toBe(1);
    },
  );

  test("a symbolic link to a missing file is SOURCE_MISSING", async () => {
    symlinkSync("nowhere", join(folder, "archive/night/broken.fits"));
    await expect(find("archive/night/broken.fits", "archive/a.xml")).rejects.toMatchObject({
      code: "SOURCE_MISSING",
    });
  });
});

describe("the service's own files", () => {
  test.each([
    "service/.env",
    "service/default.db",
    "service/default.db-wal",
    "service/cache/0/product.fits",
    "archive/night/env.fits",
    "archive/night/hard.fits",
  ])("the service's own files are SOURCE_NOT_ALLOWED whatever the settings: %s", async (image) => {
    for (const options of [{}, { follow: true }, { roots: [folder] }]) {
      await expect(find(image, image, options)).rejects.toMatchObject(refused);
    }
  });

  test("a file next to the service's own files is read", async () => {
    expect((await find("service/data.fits", "service/data.xml")).size).toBe(1);
  });
});
