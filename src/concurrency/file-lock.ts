import { linkSync, statSync, unlinkSync } from "node:fs";
import { link, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { SisError } from "../errors/sis-error.ts";
import { isGone, type LockOwner, readOwner, thisOwner } from "./lock-owner.ts";
import { forgetToken, lockToken, writeOwner } from "./lock-token.ts";
import { partPath } from "./part-file.ts";

/**
 * How often a lock is touched, so that other machines can see that its owner is alive, in
 * milliseconds.
 */
const HEARTBEAT_MS = 5_000;

/** Error codes of file systems that do not support hard links, or no more of them. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

/** A lock that this process owns. */
export interface FileLock {
  release(): void;
}

/** The locks that this process owns now, by path. */
const owned = new Map<string, FileLock>();

/**
 * Acquires the lock `path`, a file that names its owner, against all processes that use the folder;
 * undefined if another process has it. A lock whose owner was killed is taken over. The lock is a
 * hard link to a file that the process keeps beside it: creating and removing a link is cheaper
 * than creating and removing a file, and file systems without a journal create files more slowly
 * the more were removed recently.
 * Errors: CACHE_UNAVAILABLE when the lock cannot be created.
 */
export async function tryLock(path: string): Promise<FileLock | undefined> {
  let inode = acquire(path);
  if (inode === undefined && (await breakIfGone(path))) inode = acquire(path);
  if (inode === undefined) return undefined;
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  const lock: FileLock = {
    release: () => {
      clearInterval(heartbeat);
      if (owned.get(path) !== lock) return;
      owned.delete(path);
      release(path, inode);
    },
  };
  owned.set(path, lock);
  return lock;
}

/** Whether a live process owns the lock; the lock of a dead owner is removed. */
export async function isLocked(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !(await breakIfGone(path));
}

/**
 * Creates the lock. Returns its inode, or undefined if the lock exists. Synchronous, because these
 * few short system calls take a tenth of the time that they take in the thread pool.
 */
function acquire(path: string): bigint | undefined {
  const folder = dirname(path);
  for (let turn = 0; ; turn++) {
    try {
      const { path: token, inode } = lockToken(folder);
      linkSync(token, path);
      return inode;
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? "";
      if (code === "EEXIST") return undefined;
      if (NO_LINKS.has(code)) return acquireAlone(path);
      forgetToken(folder);
      // the folder was emptied in the meantime; one retry
      if (code !== "ENOENT" || turn > 0) throw unavailable(code, cause);
    }
  }
}

/** Creates the lock as a file of its own. */
function acquireAlone(path: string): bigint | undefined {
  try {
    return writeOwner(path, JSON.stringify(thisOwner()));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    if (code === "EEXIST") return undefined;
    throw unavailable(code, cause);
  }
}

function unavailable(code: string, cause: unknown): SisError {
  return new SisError("CACHE_UNAVAILABLE", `a lock cannot be created in the cache (${code})`, { cause });
}

function release(path: string, inode: bigint): void {
  try {
    // an owner that was wrongly presumed dead must not release somebody else's lock
    if (statSync(path, { bigint: true }).ino === inode) unlinkSync(path);
  } catch {
    // the lock was broken meanwhile or the disk fails: others break it once this process has ended
  }
}

/** Removes the lock if its owner is gone. Returns true when there is no lock any more. */
async function breakIfGone(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return true;
  const owner = await ownerOf(path);
  // a live owner touches its lock: a time far in the future predates a correction of the clock
  if (!isGone(owner, Math.abs(Date.now() - found.mtimeMs))) return false;
  const aside = partPath(path);
  try {
    await rename(path, aside);
    // another process broke the same lock and acquired it before our rename: give it back
    if ((await ownerOf(aside))?.token !== owner?.token) {
      await link(aside, path).catch(() => undefined);
      return false;
    }
    return true;
  } catch {
    return false;
  } finally {
    await rm(aside, { force: true }).catch(() => undefined);
  }
}

async function ownerOf(path: string): Promise<LockOwner | undefined> {
  return readOwner(await readFile(path, "utf8").catch(() => ""));
}
