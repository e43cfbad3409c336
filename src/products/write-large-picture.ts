import { closeSync, openSync, readSync, renameSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { partPath } from "../storage/part-file.ts";
import { encodeIntoFile, insertXmp, type PictureEncoding, type PicturePixels } from "./encode-picture.ts";
import type { CachedFile } from "./product-cache.ts";

/** Bytes copied at a time; the first of them hold all that stands before the packet. */
const PIECE = 2 ** 20;

/**
 * Encodes a picture into a file of the cache without holding it in memory, and renames it when it is whole. Undefined when the disk does not take it: nothing
 * is left behind then, and the caller makes it in memory. Errors: PICTURE_FAILED only when that fails as well.
 */
export async function writeLargePicture(
  path: string,
  picture: PicturePixels,
  encoding: PictureEncoding,
): Promise<CachedFile | undefined> {
  const encoded = partPath(path);
  const finished = partPath(path);
  try {
    await encodeIntoFile(picture, encoding, encoded);
    const whole = encoding.format === "jpeg" ? encoded : withPacket(encoded, finished, encoding);
    // in whole seconds, as the times of all products
    const now = Math.floor(Date.now() / 1000);
    utimesSync(whole, now, now);
    const { size, mtimeMs } = statSync(whole);
    renameSync(whole, path);
    return { path, size, mtimeMs };
  } catch {
    return undefined;
  } finally {
    remove(encoded);
    remove(finished);
  }
}

/** Copies an encoded picture and puts the packet in; gives the path of the copy. */
function withPacket(from: string, to: string, encoding: PictureEncoding): string {
  const source = openSync(from, "r");
  const target = openSync(to, "wx");
  try {
    const piece = new Uint8Array(PIECE);
    for (let first = true; ; first = false) {
      const count = readSync(source, piece, 0, PIECE, null);
      if (count === 0) break;
      const bytes = piece.subarray(0, count);
      for (const part of first ? insertXmp(bytes, encoding) : [bytes]) writeWhole(target, part);
    }
    return to;
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // a disk that is read-only has nothing to remove
  }
}
