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
import { removeQuietly } from "../../concurrency/part-file.ts";
import type { CachedFile } from "./product-cache.ts";

/** Writes all of `bytes`. */
export function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/** Renames a finished file to its product, with a time in whole seconds like all products. */
export function placeProduct(finished: string, path: string): CachedFile {
  const now = Math.floor(Date.now() / 1000);
  utimesSync(finished, now, now);
  const { size, mtimeMs } = statSync(finished);
  syncFile(finished);
  renameToProduct(finished, path);
  return { path, size, mtimeMs };
}

/** Renames a file to a product. A folder in its place, which can only be a mistake, is removed. */
export function renameToProduct(finished: string, path: string): void {
  try {
    renameSync(finished, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EISDIR") throw error;
    rmSync(path, { recursive: true });
    renameSync(finished, path);
  }
}

/**
 * Waits until the content is on the disk, which takes little time compared to making a large
 * product.
 */
function syncFile(path: string): void {
  const fd = openSync(path, "r+");
  try {
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Removes the parts of a product left behind by a terminated thread of this process. */
export function removePartsOf(path: string): void {
  const begin = `${basename(path)}.${process.pid}-`;
  try {
    for (const name of readdirSync(dirname(path)))
      if (name.startsWith(begin) && name.endsWith(".part")) removeQuietly(join(dirname(path), name));
  } catch {
    // no such folder, so nothing is left in it
  }
}
