import { closeSync, fstatSync, futimesSync, openSync, writevSync } from "node:fs";
import { withPartSync } from "../../concurrency/part-file.ts";
import { renameToProduct } from "../cache/place-product.ts";
import type { CachedFile } from "../cache/product-cache.ts";
import { SMALL_PRODUCT_BYTES } from "../product.ts";

/**
 * Writes a product to a part file beside `path` and renames it, so that nobody ever sees an
 * incomplete one. Its time is in whole seconds, which writing times of use preserves. A small
 * product is also returned in memory, in an array of its own, so that nobody has to read it in
 * order to send it. If the cache cannot store it, it is returned in memory only, and nothing is
 * left behind.
 */
export function writeProduct(path: string, parts: readonly Uint8Array[]): CachedFile {
  const now = Math.floor(Date.now() / 1000);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = length <= SMALL_PRODUCT_BYTES ? joined(parts, length) : undefined;
  try {
    return withPartSync(path, (part) => {
      const fd = openSync(part, "wx");
      try {
        writeAll(fd, bytes === undefined ? parts : [bytes]);
        futimesSync(fd, now, now);
        const { size, mtimeMs } = fstatSync(fd);
        renameToProduct(part, path);
        return { path, size, mtimeMs, ...(bytes !== undefined && { bytes }) };
      } finally {
        closeSync(fd);
      }
    });
  } catch {
    return {
      path,
      size: length,
      mtimeMs: now * 1000,
      bytes: bytes ?? joined(parts, length),
      unsaved: true,
    };
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  // memory allocated by a library, such as that of a Buffer, cannot be transferred to another
  // thread
  if (parts[0]?.buffer.byteLength === length && !Buffer.isBuffer(parts[0])) return parts[0];
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
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
