import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, openSync, renameSync, rmSync, writevSync } from "node:fs";
import { SisError } from "../errors/sis-error.ts";
import type { CachedFile } from "./product-cache.ts";

/**
 * Writes a product under a name of its own beside `path` and renames it, so that nobody ever sees a part of one.
 * Errors: CACHE_UNAVAILABLE; nothing is left behind then.
 */
export function writeProduct(path: string, parts: readonly Uint8Array[]): CachedFile {
  const temporary = `${path}.${process.pid}-${randomUUID()}.part`;
  try {
    const fd = openSync(temporary, "wx");
    try {
      writeAll(fd, parts);
      const { size, mtimeMs } = fstatSync(fd);
      renameSync(temporary, path);
      return { path, size, mtimeMs };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new SisError("CACHE_UNAVAILABLE", "the product cannot be written to the cache", { cause: error });
  }
}

function writeAll(fd: number, parts: readonly Uint8Array[]): void {
  let rest = parts.filter((part) => part.length > 0);
  while (rest.length > 0) {
    let written = writevSync(fd, rest);
    while (rest[0] !== undefined && written >= rest[0].length) {
      written -= rest[0].length;
      rest = rest.slice(1);
    }
    if (written > 0 && rest[0] !== undefined) rest = [rest[0].subarray(written), ...rest.slice(1)];
  }
}
