import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Catalog } from "../../../src/catalog/catalog.ts";
import { isLocked } from "../../../src/concurrency/file-lock.ts";
import { thisOwner } from "../../../src/concurrency/lock-owner.ts";
import { removeAbandonedParts } from "../../../src/concurrency/part-file.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import { labelStamp } from "../../../src/harvest/read/label-file.ts";
import { readinessProbe } from "../../../src/http/readiness.ts";
import { cachedPath, productCache } from "../../../src/products/cache/product-cache.ts";
import { sweepCache } from "../../../src/products/cache/sweep-cache.ts";
import { FrameCache } from "../../../src/products/describe/frame-cache.ts";
import type { FrameDescription } from "../../../src/products/frame-description.ts";

// The oracle of each test: the result of the same call if the clock was never set back.
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-clock-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Sets the time of a file to `ms` from now, as if the clock had been set back since. */
function setTime(path: string, ms: number): void {
  const time = new Date(Date.now() + ms);
  utimesSync(path, time, time);
}

test("a clock set back by a day does not preserve an old readiness result", async () => {
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
  let reachable = true;
  const catalog = {
    probe: async () => {
      if (!reachable) throw new Error("the database is away");
    },
    coverage: async () => ({ withoutFootprint: 0 }),
  };
  const probe = readinessProbe(
    catalog as unknown as Catalog,
    loadSettings(folder, { SBNSIS_CUTOUT_CACHE: folder }),
  );
  expect((await probe()).ready).toBe(true);
  reachable = false;
  vi.advanceTimersByTime(1_500);
  vi.setSystemTime(Date.now() - DAY_MS);
  expect((await probe()).ready).toBe(false);
});

test("a clock set back by a day does not preserve the description of an archive's file beyond its time", async () => {
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
  const frames = new FrameCache(60_000);
  let asked = 0;
  const describe = async () => {
    asked++;
    return { source: { identity: {} }, header: [], tiles: undefined } as unknown as FrameDescription;
  };
  const frame = { location: "https://archive.example.org/a.fits", preferredHdu: 0 };
  const get = () => frames.get(frame, describe, undefined).catch(() => undefined);
  await get();
  vi.advanceTimersByTime(61_000);
  vi.setSystemTime(Date.now() - DAY_MS);
  await get();
  expect(asked).toBe(2);
});

test("a lock of a silent owner with a time a day in the future is broken", async () => {
  const lock = join(folder, "product.lock");
  writeFileSync(lock, JSON.stringify({ ...thisOwner(), place: "elsewhere", pid: 1 }));
  setTime(lock, DAY_MS);
  expect(await isLocked(lock)).toBe(false);
});

test("products used a day in the future may be evicted, and abandoned files from then are removed", async () => {
  const cache = productCache(folder);
  const paths = Array.from({ length: 20 }, (_, i) => {
    const path = cachedPath(cache, createHash("sha256").update(String(i)).digest("hex"), ".fits");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.alloc(8192));
    setTime(path, DAY_MS);
    return path;
  });
  const abandoned = `${paths[0]}.1-${randomUUID()}.part`;
  writeFileSync(abandoned, "");
  setTime(abandoned, DAY_MS);
  const { bytes } = await sweepCache(cache, { maximumBytes: 10 * 8192, maximumAgeMs: 0 });
  expect(bytes).toBeLessThanOrEqual(10 * 8192);
  expect(existsSync(abandoned)).toBe(false);
});

test("a download abandoned a day in the future is removed", async () => {
  const part = join(folder, `image.fits.1-${randomUUID()}.part`);
  writeFileSync(part, "half");
  setTime(part, DAY_MS);
  expect(await removeAbandonedParts(folder)).toBe(1);
});

test("a label last changed a day in the future is recognized by its stamp", () => {
  const label = join(folder, "label.xml");
  writeFileSync(label, "<a/>");
  const status = statSync(label);
  const ahead = Object.assign(status, { mtimeMs: status.mtimeMs + DAY_MS, ctimeMs: status.ctimeMs + DAY_MS });
  expect(labelStamp(ahead, Date.now())).toBe(`4:${ahead.mtimeMs}:${ahead.ctimeMs}`);
});
