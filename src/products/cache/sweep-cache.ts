import { lstat, opendir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { TOKEN_NAME } from "../../concurrency/lock-token.ts";
import { diskBytes } from "./cache-ledger.ts";
import { CACHE_FOLDERS, type ProductCache } from "./product-cache.ts";

/** Limits of the cache. */
export interface CacheLimits {
  /** In bytes; 0 for no limit. */
  readonly maximumBytes: number;
  /** How long an unused file is kept, in milliseconds; 0 for no limit. */
  readonly maximumAgeMs: number;
}

/** The result of a sweep. */
export interface SweepResult {
  /** Files and bytes that are left. */
  readonly files: number;
  readonly bytes: number;
  /** Number of files removed. */
  readonly removed: number;
}

/** Sweeps down to this share of the limit, so that the next product does not need another sweep. */
const TARGET = 0.9;
/** Files used this recently are always kept: they may have been found but not opened yet. */
const JUST_USED_MS = 10_000;
/** Precision of the order of eviction, in milliseconds; times of use are not much more precise. */
const GRAIN_MS = 1_000;
/**
 * Age at which unfinished files and locks are removed as abandoned, in milliseconds: live ones are
 * far more active.
 */
const ABANDONED_MS = 3_600_000;

interface Found {
  readonly path: string;
  readonly bytes: number;
  readonly usedMs: number;
  /** Whether it is being written: it counts, and is kept. */
  readonly isPart: boolean;
}

/**
 * Removes what is too old, then what was used least recently until the cache is below its limit,
 * and what crashes left behind. A file that is being sent stays readable: only its name is removed.
 * Memory grows with the number of different seconds of use, not with the number of files.
 */
export async function sweepCache(
  cache: ProductCache,
  { maximumBytes, maximumAgeMs }: CacheLimits,
): Promise<SweepResult> {
  const now = Date.now();
  const oldest = maximumAgeMs === 0 ? 0 : now - maximumAgeMs;
  const bytesByUse = new Map<number, number>();
  let [files, bytes, removed] = [0, 0, 0];
  for await (const found of productsIn(cache, now)) {
    bytes += found.bytes;
    if (found.isPart) continue;
    if (found.usedMs < oldest && (await remove(found))) {
      removed++;
      bytes -= found.bytes;
      continue;
    }
    files++;
    const grain = Math.floor(found.usedMs / GRAIN_MS);
    bytesByUse.set(grain, (bytesByUse.get(grain) ?? 0) + found.bytes);
  }
  if (maximumBytes === 0 || bytes <= maximumBytes) return { files, bytes, removed };
  const target = maximumBytes * TARGET;
  const last = lastToGo(bytesByUse, bytes - target);
  for await (const found of productsIn(cache, now)) {
    if (bytes <= target) break;
    if (found.isPart) continue;
    if (found.usedMs >= Math.min((last + 1) * GRAIN_MS, now - JUST_USED_MS) || !(await remove(found)))
      continue;
    files--;
    bytes -= found.bytes;
    removed++;
  }
  return { files, bytes, removed };
}

/**
 * The latest time of use, in grains, among the least recently used files that make up `excess`
 * bytes.
 */
function lastToGo(bytesByUse: ReadonlyMap<number, number>, excess: number): number {
  let sum = 0;
  for (const [grain, bytes] of [...bytesByUse].sort((a, b) => a[0] - b[0])) {
    sum += bytes;
    if (sum >= excess) return grain;
  }
  return Infinity;
}

/** All products, folder by folder; removes abandoned files on the way. */
async function* productsIn(cache: ProductCache, now: number): AsyncGenerator<Found> {
  for (const name of ["", ...CACHE_FOLDERS]) {
    const folder = join(cache.root, name);
    // a missing folder contains nothing
    const entries = await opendir(folder).catch(() => undefined);
    if (entries === undefined) continue;
    for await (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(folder, entry.name);
      const found = await lstat(path).catch(() => undefined);
      if (found === undefined) continue;
      if (/\.(?:part|lock)$/.test(entry.name) || TOKEN_NAME.test(entry.name)) {
        if (Math.abs(now - found.mtimeMs) > ABANDONED_MS) await unlink(path).catch(() => undefined);
        else if (entry.name.endsWith(".part") && found.size > 0)
          yield { path, bytes: diskBytes(found.size), usedMs: found.mtimeMs, isPart: true };
      } else if (/^[0-9a-f]{64}(?:\.[A-Za-z0-9]+)?$/.test(entry.name)) {
        yield { path, bytes: diskBytes(found.size), usedMs: usedBefore(now, found.atimeMs), isPart: false };
      }
    }
  }
}

/**
 * The time of use, in milliseconds since 1970. One in the future predates a correction of the
 * clock: the file counts as recently used, but may be evicted.
 */
function usedBefore(now: number, usedMs: number): number {
  return usedMs > now + JUST_USED_MS ? now - JUST_USED_MS - GRAIN_MS : usedMs;
}

async function remove({ path }: Found): Promise<boolean> {
  return unlink(path).then(
    () => true,
    () => false,
  );
}
