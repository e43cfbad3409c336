import {
  closeSync,
  fdatasyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CachedFile } from "./product-cache.ts";

/** Writes all of `bytes`. */
export function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/** Renames a finished file to the product it is, with a time in whole seconds, as all products have. */
export function placeProduct(finished: string, path: string): CachedFile {
  const now = Math.floor(Date.now() / 1000);
  utimesSync(finished, now, now);
  const { size, mtimeMs } = statSync(finished);
  syncFile(finished);
  renameToProduct(finished, path);
  return { path, size, mtimeMs };
}

/** Renames a file to a product. A folder in its place, which nobody but a mistake creates, goes. */
export function renameToProduct(finished: string, path: string): void {
  try {
    renameSync(finished, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EISDIR") throw error;
    rmSync(path, { recursive: true });
    renameSync(finished, path);
  }
}

/** Waits until the content is on the disk, which takes little beside making a large product. */
function syncFile(path: string): void {
  const fd = openSync(path, "r+");
  try {
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Removes a file that may not be there, on a disk that may not let go of it. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // a disk that is read-only has nothing to remove
  }
}

/** Removes what a thread of this process that was ended has left of a product. */
export function removePartsOf(path: string): void {
  const begin = `${basename(path)}.${process.pid}-`;
  try {
    for (const name of readdirSync(dirname(path)))
      if (name.startsWith(begin) && name.endsWith(".part")) removeQuietly(join(dirname(path), name));
  } catch {
    // there is no such folder, so there is nothing left in it
  }
}
