import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { link, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { SisError } from "../errors/sis-error.ts";
import { partPath } from "../storage/part-file.ts";
import { isGone, type LockOwner, readOwner, thisOwner } from "./lock-owner.ts";

/** How often a held lock is touched, so that other machines see that its owner lives, in milliseconds. */
const HEARTBEAT_MS = 5_000;

/** A lock that this process holds. */
export interface FileLock {
  release(): void;
}

/**
 * Takes the lock `path`, a file that names its owner, against all processes that use the folder; undefined when another has it. A lock whose owner was
 * killed is taken from it.
 * Errors: CACHE_UNAVAILABLE when no file can be made there.
 */
export async function tryLock(path: string): Promise<FileLock | undefined> {
  const owner = thisOwner();
  if (!create(path, owner)) {
    if (!(await breakIfGone(path)) || !create(path, owner)) return undefined;
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    release: () => {
      clearInterval(heartbeat);
      release(path, owner);
    },
  };
}

/** Whether somebody who lives holds the lock; one of a dead owner is removed. */
export async function isLocked(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !(await breakIfGone(path));
}

/** Five short system calls: made one after the other they cost a tenth of what they do by way of the thread pool. */
function create(path: string, owner: LockOwner): boolean {
  try {
    const fd = openSync(path, "wx");
    try {
      writeSync(fd, JSON.stringify(owner));
    } finally {
      closeSync(fd);
    }
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    // an empty lock would keep others waiting
    if (code === "ENOSPC" || code === "EDQUOT") removeQuietly(path);
    throw new SisError("CACHE_UNAVAILABLE", `a lock cannot be made in the cache (${code})`, { cause });
  }
}

function release(path: string, owner: LockOwner): void {
  try {
    // who was taken for dead, wrongly, must not release the lock of another
    if (readOwner(readFileSync(path, "utf8"))?.token === owner.token) unlinkSync(path);
  } catch {
    // it was broken meanwhile, or the disk takes nothing any more: then it is given up when its owner has gone
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // nothing was made
  }
}

/** Removes the lock of an owner who has gone. True when there is no lock any more. */
async function breakIfGone(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return true;
  const owner = await ownerOf(path);
  if (!isGone(owner, Date.now() - found.mtimeMs)) return false;
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
