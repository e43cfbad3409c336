import { renameSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
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
  renameSync(finished, path);
  return { path, size, mtimeMs };
}

/** Removes a file that may not be there, on a disk that may not let go of it. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // a disk that is read-only has nothing to remove
  }
}
