import { closeSync, fstatSync, openSync, unlinkSync, utimesSync, writeSync } from "node:fs";
import { join } from "node:path";
import { thisOwner } from "./lock-owner.ts";

/**
 * A file that names this process. The locks that it acquires in the folder are hard links to it.
 */
export interface LockToken {
  readonly path: string;
  /** Inode of the file, which all its links share. */
  readonly inode: bigint;
}

interface TouchedToken extends LockToken {
  /** Reading of this process's monotonic clock, in milliseconds. */
  touchedMs: number;
}

/** Names of tokens: `owner.<process id>-<UUID>`. */
export const TOKEN_NAME = /^owner\.\d+-[0-9a-f-]{36}$/;

/**
 * Locks are judged by their modification time, so a token is touched again after this long, in
 * milliseconds.
 */
const STALE_MS = 2_500;

const tokens = new Map<string, TouchedToken>();

process.once("exit", () => {
  for (const { path } of tokens.values()) quietly(() => unlinkSync(path));
});

/**
 * The token of this process in a folder, touched recently. Errors: those of the file system when it
 * cannot be created.
 */
export function lockToken(folder: string): LockToken {
  const known = tokens.get(folder);
  if (known !== undefined) {
    if (performance.now() - known.touchedMs < STALE_MS) return known;
    try {
      const now = new Date();
      utimesSync(known.path, now, now);
      known.touchedMs = performance.now();
      return known;
    } catch {
      // the folder was emptied: create a new token
    }
  }
  const token = makeToken(folder);
  tokens.set(folder, token);
  return token;
}

/** Forgets a token that no longer exists. */
export function forgetToken(folder: string): void {
  tokens.delete(folder);
}

function makeToken(folder: string): TouchedToken {
  const owner = thisOwner();
  const path = join(folder, `owner.${owner.pid}-${owner.token}`);
  const inode = writeOwner(path, JSON.stringify(owner));
  return { path, inode, touchedMs: performance.now() };
}

/**
 * Creates a file that names an owner and returns its inode. Leaves nothing behind when the disk is
 * full. Errors: EEXIST and others of the file system.
 */
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
    // already gone, or the disk takes no more writes
  }
}
