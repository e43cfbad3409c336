import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tryLock } from "../../../src/concurrency/file-lock.ts";
import { CacheKeeper } from "../../../src/products/cache/cache-keeper.ts";
import { enterBytes } from "../../../src/products/cache/cache-ledger.ts";
import {
  cachedPath,
  findCached,
  type ProductCache,
  productCache,
} from "../../../src/products/cache/product-cache.ts";

const SIZE = 8192;
let folder: string;
let cache: ProductCache;
let keeper: CacheKeeper;
const limits = (bytes: number, ageMs = 0) => ({ maximumBytes: bytes, maximumAgeMs: ageMs });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-keeper-"));
  cache = productCache(folder);
});
afterEach(async () => {
  vi.useRealTimers();
  await keeper.close();
  rmSync(folder, { recursive: true });
});

/** Puts the clock and the timers of the keeper under the control of the test. */
function stopClock(): void {
  vi.useFakeTimers({ toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });
}

/** Product `i`, last used this many seconds ago. */
function product(i: number, secondsAgo: number): string {
  const path = cachedPath(cache, createHash("sha256").update(String(i)).digest("hex"), ".fits");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.alloc(SIZE, i));
  const now = Math.floor(Date.now() / 1000);
  utimesSync(path, now - secondsAgo, now - 100_000);
  return path;
}

test("a sweep removes what was used least recently, down to nine tenths of the limit", async () => {
  const paths = Array.from({ length: 200 }, (_, i) => product(i, 10_000 - 10 * i));
  keeper = new CacheKeeper(cache, limits(100 * SIZE));
  const result = await keeper.sweep();
  const left = paths.map((path) => existsSync(path));
  expect(left.indexOf(true)).toBe(left.filter((there) => !there).length);
  expect(result).toEqual({ files: 85, bytes: 85 * SIZE, removed: 115 });
});

test("a sweep removes what was not requested in time, however much room there is", async () => {
  const paths = [product(1, 7200), product(2, 1800)];
  keeper = new CacheKeeper(cache, limits(0, 3_600_000));
  expect(await keeper.sweep()).toEqual({ files: 1, bytes: SIZE, removed: 1 });
  expect(paths.map((path) => existsSync(path))).toEqual([false, true]);
});

test("use keeps a product in the cache, and preserves its own time", async () => {
  const paths = Array.from({ length: 20 }, (_, i) => product(i, 10_000 - 10 * i));
  const before = await findCached(paths[0]!);
  keeper = new CacheKeeper(cache, limits(10 * SIZE));
  keeper.used(before!);
  await expect.poll(() => statSync(paths[0]!).atimeMs).toBeGreaterThan(Date.now() - 60_000);
  await keeper.sweep();
  expect(await findCached(paths[0]!)).toMatchObject({ mtimeMs: before!.mtimeMs, size: SIZE });
});

test("a file that is removed while it is sent stays readable", async () => {
  const path = product(7, 10_000);
  const fd = openSync(path, "r");
  keeper = new CacheKeeper(cache, limits(1));
  await keeper.sweep();
  expect(existsSync(path)).toBe(false);
  expect(readFileSync(fd).equals(Buffer.alloc(SIZE, 7))).toBe(true);
  closeSync(fd);
});

test("a sweep does not remove what was found a moment ago", async () => {
  const path = product(1, 1);
  keeper = new CacheKeeper(cache, limits(1));
  await keeper.sweep();
  expect(existsSync(path)).toBe(true);
});

test("a sweep removes old parts and locks left behind, but never unknown files", async () => {
  const kept = product(1, 0);
  const names = ["x.1-0.part", `${kept}.lock`, join(dirname(kept), "README")];
  const old = (path: string, ago: number) => {
    writeFileSync(path, "");
    utimesSync(path, Date.now() / 1000 - ago, Date.now() / 1000 - ago);
    return path;
  };
  const all = names.map((name) => old(name.startsWith("/") ? name : join(cache.root, name), 10_000));
  const young = old(join(dirname(kept), "y.2-0.part"), 60);
  keeper = new CacheKeeper(cache, limits(0));
  await keeper.sweep();
  expect([...all, young].map((path) => existsSync(path))).toEqual([false, false, true, true]);
});

test("a growing cache is swept automatically, and the ledger shows its size to all processes", async () => {
  stopClock();
  keeper = new CacheKeeper(cache, limits(50 * SIZE));
  await keeper.sweep();
  for (let i = 0; i < 60; i++) {
    product(i, 1000 - i);
    keeper.added(SIZE);
  }
  const files = () =>
    readdirSync(cache.root, { recursive: true }).filter((name) => String(name).endsWith(".fits"));
  expect(files()).toHaveLength(60);
  // the next sweep comes five seconds after the last one at the earliest, ten after one in vain
  await vi.advanceTimersByTimeAsync(11_000);
  await expect.poll(() => files().length, { timeout: 20_000 }).toBeLessThanOrEqual(50);
  await expect.poll(() => enterBytes(cache, 4096).bytes, { timeout: 5000 }).toBeLessThan(51 * SIZE);
});

test("room in the cache is reserved by all processes together, and a file larger than the limit is refused", async () => {
  keeper = new CacheKeeper(cache, limits(40 * 2 ** 20));
  await keeper.sweep();
  const other = new CacheKeeper(cache, limits(40 * 2 ** 20));
  expect(keeper.reserve(41 * 2 ** 20)).toBeUndefined();
  const mine = keeper.reserve(30 * 2 ** 20);
  expect(mine).toBeDefined();
  expect(other.reserve(20 * 2 ** 20)).toBeUndefined();
  const theirs = other.reserve(5 * 2 ** 20);
  expect(theirs?.grow(9 * 2 ** 20)).toBe(true);
  expect(theirs?.grow(11 * 2 ** 20)).toBe(false);
  // it failed, so its space is free again
  mine?.finish(0);
  await expect.poll(() => other.reserve(30 * 2 ** 20) !== undefined).toBe(true);
  await other.close();
});

test("a sweep does not forget what is being written by this process and by others", async () => {
  keeper = new CacheKeeper(cache, limits(100 * SIZE));
  const room = keeper.reserve(60 * SIZE);
  const path = product(1, 0);
  writeFileSync(`${path}.1-0.part`, Buffer.alloc(30 * SIZE));
  // the reservation, which finds no ledger, starts a sweep too
  await expect.poll(() => keeper.sweep()).toMatchObject({ files: 1, bytes: 31 * SIZE });
  expect(keeper.reserve(20 * SIZE)).toBeUndefined();
  room?.finish(0);
  expect(keeper.reserve(20 * SIZE)).toBeDefined();
});

test("after a burst above the limit, the cache is swept automatically once its files are no longer protected", async () => {
  stopClock();
  const paths = Array.from({ length: 20 }, (_, i) => product(i, 6));
  keeper = new CacheKeeper(cache, limits(10 * SIZE));
  expect(await keeper.sweep()).toMatchObject({ removed: 0 });
  keeper.roomNeeded();
  const left = () => paths.filter((path) => existsSync(path)).length;
  await vi.advanceTimersByTimeAsync(11_000);
  await expect.poll(left, { timeout: 20_000 }).toBeLessThanOrEqual(10);
});

test("only one process sweeps the cache at a time", async () => {
  const path = product(1, 10_000);
  keeper = new CacheKeeper(cache, limits(1));
  const lock = await tryLock(join(cache.root, "sweep.lock"));
  expect(await keeper.sweep()).toBeUndefined();
  expect(existsSync(path)).toBe(true);
  lock?.release();
  expect(await keeper.sweep()).toMatchObject({ removed: 1 });
});
