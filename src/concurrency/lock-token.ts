import { closeSync, fstatSync, openSync, unlinkSync, utimesSync, writeSync } from "node:fs";
import { join } from "node:path";
import { thisOwner } from "./lock-owner.ts";

/** A file that names this process; the locks that it takes in the folder are further names of that file. */
export interface LockToken {
  readonly path: string;
  /** Number of the file, which all its names share. */
  readonly inode: bigint;
}

interface Kept extends LockToken {
  /** By the monotonic clock of this process, in milliseconds. */
  touchedMs: number;
}

/** Names of tokens: `owner.<process id>-<UUID>`. */
export const TOKEN_NAME = /^owner\.\d+-[0-9a-f-]{36}$/;

/** Locks are judged by the time of their file, so a token is touched when it was not for this long, in milliseconds. */
const STALE_MS = 2_500;

const kept = new Map<string, Kept>();

process.once("exit", () => {
  for (const { path } of kept.values()) quietly(() => unlinkSync(path));
});

/** The token of this process in a folder, touched lately. Errors: those of the file system, when it cannot be made. */
export function lockToken(folder: string): LockToken {
  const known = kept.get(folder);
  if (known !== undefined) {
    if (performance.now() - known.touchedMs < STALE_MS) return known;
    try {
      const now = new Date();
      utimesSync(known.path, now, now);
      known.touchedMs = performance.now();
      return known;
    } catch {
      // somebody emptied the folder: a new one is made
    }
  }
  const token = makeToken(folder);
  kept.set(folder, token);
  return token;
}

/** Forgets a token that is not there any more. */
export function forgetToken(folder: string): void {
  kept.delete(folder);
}

function makeToken(folder: string): Kept {
  const owner = thisOwner();
  const path = join(folder, `owner.${owner.pid}-${owner.token}`);
  const inode = writeOwner(path, JSON.stringify(owner));
  return { path, inode, touchedMs: performance.now() };
}

/** Makes a file that names an owner; the answer is its number. Leaves nothing behind when the disk is full. Errors: EEXIST and others of the file system. */
export function writeOwner(path: string, text: string): bigint {
  const fd = openSync(path, "wx");
  try {
    writeSync(fd, text);
    return fstatSync(fd, { bigint: true }).ino;
  } catch (error) {
    quietly(() => unlinkSync(path));
    throw error;
  } finally {
    closeSync(fd);
  }
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // it has gone, or the disk takes nothing any more
  }
}
