import {
  closeSync,
  fstatSync,
  futimesSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
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
    const file = withPacket(encoded, finished, encoding);
    renameSync(finished, path);
    return { path, ...file };
  } catch {
    return undefined;
  } finally {
    remove(encoded);
    remove(finished);
  }
}

/** Copies an encoded picture and puts the packet in. Size and time of the copy; its time is in whole seconds, as of all products. */
function withPacket(from: string, to: string, encoding: PictureEncoding): { size: number; mtimeMs: number } {
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
    const now = Math.floor(Date.now() / 1000);
    futimesSync(target, now, now);
    const { size, mtimeMs } = fstatSync(target);
    return { size, mtimeMs };
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
