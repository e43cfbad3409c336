import { setTimeout as sleep } from "node:timers/promises";
import { type FileLock, isLocked, tryLock } from "../../concurrency/file-lock.ts";
import { isSisError } from "../../errors/sis-error.ts";
import { type CachedFile, findCached, prepareFolder } from "../cache/product-cache.ts";

/** Pauses between checks for a product that another process is making, in milliseconds. */
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 100;

/**
 * How often to wait for other processes whose attempts fail; after that, everyone tries on their
 * own.
 */
const TURNS = 3;

/** The outcome of `makeOnce`. */
export interface MadeOnce {
  readonly file: CachedFile;
  /** Whether this process made it; otherwise another one did, or it already existed. */
  readonly made: boolean;
}

/**
 * The file at `path`, made by one process at a time: the others wait for it, as long as its maker
 * is alive. Where no lock can be created, on a full or read-only disk, everyone makes it.
 * Errors: those of `make`; the reason of `signal`.
 */
export async function makeOnce(
  path: string,
  make: (signal: AbortSignal) => Promise<CachedFile>,
  signal: AbortSignal,
): Promise<MadeOnce> {
  const lockPath = `${path}.lock`;
  for (let turn = 0; turn < TURNS; turn++) {
    let lock: FileLock | undefined;
    try {
      prepareFolder(path);
      lock = await tryLock(lockPath);
    } catch (error) {
      if (isSisError(error, "CACHE_UNAVAILABLE")) break;
      throw error;
    }
    if (lock !== undefined) return underLock(lock, path, make, signal);
    const file = await waitFor(path, lockPath, signal);
    if (file !== undefined) return { file, made: false };
  }
  return { file: await make(signal), made: true };
}

async function underLock(
  lock: FileLock,
  path: string,
  make: (signal: AbortSignal) => Promise<CachedFile>,
  signal: AbortSignal,
): Promise<MadeOnce> {
  try {
    // another process may have finished it since the last check
    const file = findCached(path);
    return file === undefined ? { file: await make(signal), made: true } : { file, made: false };
  } finally {
    lock.release();
  }
}

/** The product, as soon as another process has made it; undefined when that one has given up. */
async function waitFor(path: string, lockPath: string, signal: AbortSignal): Promise<CachedFile | undefined> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 1.5)) {
    const locked = await isLocked(lockPath);
    const file = findCached(path);
    if (file !== undefined || !locked) return file;
    signal.throwIfAborted();
    await sleep(waitMs);
  }
}
