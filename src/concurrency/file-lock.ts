import { linkSync, statSync, unlinkSync } from "node:fs";
import { link, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { SisError } from "../errors/sis-error.ts";
import { isGone, type LockOwner, readOwner, thisOwner } from "./lock-owner.ts";
import { forgetToken, lockToken, writeOwner } from "./lock-token.ts";
import { partPath } from "./part-file.ts";

/** How often a held lock is touched, so that other machines see that its owner lives, in milliseconds. */
const HEARTBEAT_MS = 5_000;

/** File systems that cannot give a file a second name, or not one more. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

/** A lock that this process holds. */
export interface FileLock {
  release(): void;
}

/** The lock that this process holds at a path, of those that it held there. */
const held = new Map<string, FileLock>();

/**
 * Takes the lock `path`, a file that names its owner, against all processes that use the folder; undefined when another has it. A lock whose owner was
 * killed is taken from it. The file is a second name of one that the process keeps beside it: a name is made and removed with less work than a
 * file, and file systems without a journal take the longer to make files the more were removed lately.
 * Errors: CACHE_UNAVAILABLE when no file can be made there.
 */
export async function tryLock(path: string): Promise<FileLock | undefined> {
  let inode = grasp(path);
  if (inode === undefined && (await breakIfGone(path))) inode = grasp(path);
  if (inode === undefined) return undefined;
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  const lock: FileLock = {
    release: () => {
      clearInterval(heartbeat);
      if (held.get(path) !== lock) return;
      held.delete(path);
      release(path, inode);
    },
  };
  held.set(path, lock);
  return lock;
}

/** Whether somebody who lives holds the lock; one of a dead owner is removed. */
export async function isLocked(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !(await breakIfGone(path));
}

/**
 * Makes the lock; the answer is the number of its file, undefined when there is one. A few short system calls: made one after the other they cost a tenth of what they
 * do by way of the thread pool.
 */
function grasp(path: string): bigint | undefined {
  const folder = dirname(path);
  for (let turn = 0; ; turn++) {
    try {
      const { path: token, inode } = lockToken(folder);
      linkSync(token, path);
      return inode;
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? "";
      if (code === "EEXIST") return undefined;
      if (NO_LINKS.has(code)) return graspAlone(path);
      forgetToken(folder);
      // the folder was emptied beneath us, once
      if (code !== "ENOENT" || turn > 0) throw unavailable(code, cause);
    }
  }
}

/** The lock as a file of its own. */
function graspAlone(path: string): bigint | undefined {
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
    // who was taken for dead, wrongly, must not release the lock of another
    if (statSync(path, { bigint: true }).ino === inode) unlinkSync(path);
  } catch {
    // it was broken meanwhile, or the disk takes nothing any more: then it is given up when its owner has gone
  }
}

/** Removes the lock of an owner who has gone. True when there is no lock any more. */
async function breakIfGone(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return true;
  const owner = await ownerOf(path);
  // a living owner touches its lock: a time far in the future is of a clock that was put back since
  if (!isGone(owner, Math.abs(Date.now() - found.mtimeMs))) return false;
  const aside = partPath(path);
  try {
    await rename(path, aside);
    // another may have broken the same lock and taken it, between our look and our grasp: it gets it back
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
