import { execFile, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startArchive } from "../../support/archive/test-archive.ts";
import {
  cutoutUrl,
  imageAt,
  lid,
  type ProductApp,
  productApp,
  smallFrame,
} from "../../support/products/product-app.ts";

const asking = fileURLToPath(new URL("../../support/products/request-program.mjs", import.meta.url));
let folder: string;
let service: ProductApp | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-disk-"));
  writeFileSync(join(folder, "a.fits"), smallFrame());
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});
async function stop(): Promise<void> {
  await service?.close();
  service = undefined;
}

const local = () => imageAt("a", pathToFileURL(join(folder, "a.fits")).href);
const start = async (cache: string, images = [local()]) => {
  service = await productApp(images, { SBNSIS_CUTOUT_CACHE: cache });
  return service.app;
};

test("of a hundred concurrent requests to two processes for a new product, one has it made", async () => {
  const ask = () =>
    promisify(execFile)(process.execPath, [asking, join(folder, "a.fits"), join(folder, "cache"), "50"]);
  const answers = (await Promise.all([ask(), ask()])).flatMap(
    ({ stdout }) => JSON.parse(stdout) as [string, string][],
  );
  expect(answers).toHaveLength(100);
  expect(answers.filter(([origin]) => origin === "made")).toHaveLength(1);
  expect(new Set(answers.map(([, etag]) => etag)).size).toBe(1);
});

/** Ways to make a cache useless, even to root. */
const broken: readonly (readonly [string, (cache: string) => void])[] = [
  ["in which no folder can be made", (cache) => writeFileSync(join(cache, "sbnsis-products"), "in the way")],
];

describe.each(broken)("a cache %s", (_, breakIt) => {
  const cache = () => {
    const path = join(folder, "cache");
    mkdirSync(path);
    breakIt(path);
    return path;
  };

  test("with a broken cache, cutouts and pictures are served, whole and in part, and readiness reports it", async () => {
    const app = await start(cache());
    for (const more of ["", "&format=png", "&format=jpeg&align=true"]) {
      const answer = await app.inject(cutoutUrl("a", 21, more));
      expect([answer.statusCode, answer.rawPayload.length]).toEqual([
        200,
        Number(answer.headers["content-length"]),
      ]);
      expect(answer.rawPayload.length).toBeGreaterThan(100);
    }
    const headers = { range: "bytes=0-79" };
    const part = await app.inject({ url: cutoutUrl("a"), headers });
    expect([part.statusCode, part.body.slice(0, 30)]).toEqual([206, "SIMPLE  =                    T"]);
    const ready = await app.inject("/ready");
    expect([ready.statusCode, ready.json()]).toMatchObject([200, { checks: { cache: "not writable" } }]);
  });

  test("with a broken cache, files of archives are served by streaming, also in part", async () => {
    const archive = await startArchive(smallFrame());
    try {
      const app = await start(cache(), [imageAt("a", archive.url)]);
      const whole = await app.inject(`/images/${lid("a")}`);
      expect(whole.rawPayload.equals(smallFrame())).toBe(true);
      const headers = { range: "bytes=1000-1999", "if-range": String(whole.headers.etag) };
      const part = await app.inject({ url: `/images/${lid("a")}`, headers });
      expect(part.statusCode).toBe(206);
      expect(part.rawPayload.equals(Buffer.from(smallFrame().subarray(1000, 2000)))).toBe(true);
      expect((await app.inject(`/images/${lid("a")}?format=jpeg`)).statusCode).toBe(200);
    } finally {
      await archive.close();
    }
  });
});

test("a file of an archive is served as stored there when the cache cannot keep it", async () => {
  const archive = await startArchive(smallFrame());
  try {
    const products = join(folder, "cache", "sbnsis-products");
    mkdirSync(products, { recursive: true, mode: 0o700 });
    // a rename into one of these fails, to root as well
    for (const name of "0123456789abcdef") writeFileSync(join(products, name), "in the way");
    const app = await start(join(folder, "cache"), [imageAt("a", archive.url)]);
    const whole = await app.inject(`/images/${lid("a")}`);
    expect([whole.statusCode, whole.rawPayload.equals(smallFrame())]).toEqual([200, true]);
    expect((await app.inject(`/images/${lid("a")}?format=jpeg`)).statusCode).toBe(200);
    await expect.poll(() => readdirSync(products).filter((name) => name.endsWith(".part"))).toEqual([]);
  } finally {
    await archive.close();
  }
});

const mounts = process.getuid?.() === 0 && mountSmall(mkdtempSync(join(tmpdir(), "sis-mount-")), true);

/**
 * Mounts a file system of one megabyte in memory; with `once`, only checks whether that is allowed.
 */
function mountSmall(at: string, once = false): boolean {
  const done = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", at]).status === 0;
  if (once) {
    if (done) spawnSync("umount", [at]);
    rmSync(at, { recursive: true });
  }
  return done;
}

describe.skipIf(!mounts)("a disk of one megabyte", () => {
  let disk: string;
  beforeEach(() => {
    disk = join(folder, "disk");
    mkdirSync(disk);
    mountSmall(disk);
  });
  afterEach(async () => {
    // a sweep may still be reading the disk
    await stop();
    spawnSync("umount", [disk]);
  });

  test("when the disk fills up while products are made, all are served, the last from memory, and no partial file is left", async () => {
    const app = await start(disk);
    for (let arcsec = 200; arcsec < 222; arcsec++) {
      const answer = await app.inject(cutoutUrl("a", arcsec));
      expect(answer.statusCode).toBe(200);
      expect(answer.rawPayload.length).toBe(Number(answer.headers["content-length"]));
      expect(answer.rawPayload.length % 2880).toBe(0);
    }
    const names = () => readdirSync(disk, { recursive: true }).map(String);
    // a sweep of the full disk may be in progress
    await expect.poll(() => names().filter((name) => /part|lock/.test(name))).toEqual([]);
    const kept = names().filter((name) => name.endsWith(".fits")).length;
    expect(kept).toBeGreaterThan(5);
    expect(kept).toBeLessThan(13);
    // readiness writes 65,536 bytes: smaller products take the space left by the large ones
    for (let arcsec = 100; arcsec < 108; arcsec++) {
      expect((await app.inject(cutoutUrl("a", arcsec))).statusCode).toBe(200);
    }
    expect((await app.inject("/ready")).json()).toMatchObject({
      status: "ready",
      checks: { cache: "not writable" },
    });
  });

  test("a disk full of products that are no longer requested is swept, and stores products again", async () => {
    const begin = async () => {
      service = await productApp([local()], { SBNSIS_CUTOUT_CACHE: disk, SBNSIS_CACHE_MAX_AGE: "1" });
      return service.app;
    };
    const products = () =>
      readdirSync(disk, { recursive: true })
        .filter((name) => String(name).endsWith(".fits"))
        .map((name) => join(disk, String(name)));
    const first = await begin();
    for (let arcsec = 200; arcsec < 215; arcsec++) await first.inject(cutoutUrl("a", arcsec));
    await stop();
    const full = products();
    expect(full.length).toBeGreaterThan(5);
    expect(full.length).toBeLessThan(13);
    // as if they had been requested an hour ago
    for (const path of full) utimesSync(path, Date.now() / 1000 - 3600, statSync(path).mtime);
    const second = await begin();
    // a product for which there is no room requests a sweep
    await second.inject(cutoutUrl("a", 230));
    await expect.poll(() => full.filter((path) => existsSync(path)), { timeout: 30_000 }).toEqual([]);
    const before = products().length;
    for (const more of [1, 2, 3]) {
      await second.inject(cutoutUrl("a", 230 + more));
      expect(products()).toHaveLength(before + more);
    }
  });

  test("on a read-only disk, existing products are served and new ones are made", async () => {
    const first = await (await start(disk)).inject(cutoutUrl("a"));
    await service?.close();
    chmodSync(disk, 0o755);
    spawnSync("mount", ["-o", "remount,ro", disk]);
    const app = await start(disk);
    const again = await app.inject(cutoutUrl("a"));
    expect([again.statusCode, again.headers.etag]).toEqual([200, first.headers.etag]);
    expect((await app.inject(cutoutUrl("a", 31))).statusCode).toBe(200);
    expect((await app.inject("/ready")).statusCode).toBe(200);
  });
});
