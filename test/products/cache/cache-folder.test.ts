import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { productCache } from "../../../src/products/cache/product-cache.ts";
import { cacheDanger, cacheFolder } from "../../../src/products/cache-folder.ts";
import { cutoutUrl, imageAt, productApp, smallFrame } from "../../support/products/product-app.ts";

/** A user other than the one who runs the tests. */
const STRANGER = 65_534;
let folder: string;
let directory: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-cache-folder-"));
  directory = join(folder, "cache");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a new cache folder is accessible to its owner only, whatever the umask", () => {
  const before = process.umask(0);
  try {
    expect(cacheDanger(directory)).toBeUndefined();
  } finally {
    process.umask(before);
  }
  expect(statSync(cacheFolder(directory)).mode & 0o777).toBe(0o700);
});

test("a cache folder of an earlier version that others can read is used and closed to them", () => {
  mkdirSync(cacheFolder(directory), { recursive: true, mode: 0o755 });
  expect(cacheDanger(directory)).toBeUndefined();
  expect(statSync(cacheFolder(directory)).mode & 0o777).toBe(0o700);
});

test("a cache folder that others may write to is not used", () => {
  mkdirSync(cacheFolder(directory), { recursive: true });
  chmodSync(cacheFolder(directory), 0o775);
  expect(cacheDanger(directory)).toBe("is writable by other users");
});

test("a symbolic link in place of the cache folder is not followed", () => {
  mkdirSync(directory);
  mkdirSync(join(folder, "elsewhere"));
  symlinkSync(join(folder, "elsewhere"), cacheFolder(directory));
  expect(cacheDanger(directory)).toBe("is a symbolic link");
});

test("a cache folder within a world-writable folder is not used, but with the sticky bit it is", () => {
  mkdirSync(directory);
  chmodSync(directory, 0o777);
  expect(cacheDanger(directory)).toBe("is in a folder that other users can change");
  chmodSync(directory, 0o1777);
  expect(cacheDanger(directory)).toBeUndefined();
});

test("a cache directory that is a link to the operator's disk is used", () => {
  mkdirSync(join(folder, "disk"));
  symlinkSync(join(folder, "disk"), directory);
  expect(cacheDanger(directory)).toBeUndefined();
  expect(existsSync(join(folder, "disk", "sbnsis-products"))).toBe(true);
});

test("a cache that cannot be created is reported", () => {
  writeFileSync(directory, "in the way");
  const warnings: string[] = [];
  expect(productCache(directory, (warning) => warnings.push(warning)).root).toBe(cacheFolder(directory));
  expect(warnings).toEqual(["the cache is not used: it cannot be written to"]);
});

test("a cache that was repaired is used again, and both events are reported once", async () => {
  mkdirSync(cacheFolder(directory), { recursive: true });
  chmodSync(cacheFolder(directory), 0o777);
  const warnings: string[] = [];
  const cache = productCache(directory, (warning) => warnings.push(warning));
  expect(cache.root.startsWith(directory)).toBe(false);
  expect(cache.root.startsWith(directory)).toBe(false);
  chmodSync(cacheFolder(directory), 0o700);
  await expect.poll(() => cache.root, { timeout: 5_000 }).toBe(cacheFolder(directory));
  expect(warnings).toEqual([
    "the cache is not used: it is writable by other users",
    "the cache is used again",
  ]);
});

describe.skipIf(process.getuid?.() !== 0)("a cache folder of another user, seen by root", () => {
  test("another user's cache folder is not used: products are served, none is stored or read there, and readiness says why", async () => {
    writeFileSync(join(folder, "a.fits"), smallFrame());
    mkdirSync(cacheFolder(directory), { recursive: true });
    chownSync(cacheFolder(directory), STRANGER, STRANGER);
    const image = imageAt("a", pathToFileURL(join(folder, "a.fits")).href);
    const service = await productApp([image], { SBNSIS_CUTOUT_CACHE: directory });
    try {
      const answers = [await service.app.inject(cutoutUrl("a")), await service.app.inject(cutoutUrl("a"))];
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
      expect(readdirSync(cacheFolder(directory))).toEqual([]);
      expect((await service.app.inject("/ready")).json()).toMatchObject({
        status: "ready",
        checks: { cache: "not used: belongs to another user" },
      });
    } finally {
      await service.close();
    }
  });

  test("a cache folder that another user created in a world-writable folder is not used", () => {
    const shared = join(folder, "shared");
    mkdirSync(shared);
    chmodSync(shared, 0o1777);
    mkdirSync(join(shared, "cache"));
    chownSync(join(shared, "cache"), STRANGER, STRANGER);
    expect(cacheDanger(join(shared, "cache"))).toBe("is in a folder that other users can change");
  });
});
