import { closeSync, openSync, readSync, renameSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { availableParallelism } from "node:os";
import { partPath } from "../storage/part-file.ts";
import {
  encodedStrip,
  encodeIntoFile,
  insertXmp,
  type PictureEncoding,
  type PicturePixels,
} from "./encode-picture.ts";
import { StripJoiner, stripRows } from "./jpeg-strips.ts";
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
    if (encoding.format === "jpeg") await writeStrips(picture, encoding, finished);
    else {
      await encodeIntoFile(picture, encoding, encoded);
      withPacket(encoded, finished, encoding);
    }
    // in whole seconds, as the times of all products
    const now = Math.floor(Date.now() / 1000);
    utimesSync(finished, now, now);
    const { size, mtimeMs } = statSync(finished);
    renameSync(finished, path);
    return { path, size, mtimeMs };
  } catch {
    return undefined;
  } finally {
    remove(encoded);
    remove(finished);
  }
}

/** Strips that are encoded at once. */
const AT_ONCE = Math.min(2, availableParallelism());

/** Encodes the strips of a JPEG, some at once, and writes them joined. */
async function writeStrips(picture: PicturePixels, encoding: PictureEncoding, to: string): Promise<void> {
  const { width, height, channels, pixels } = picture;
  const { xmp, ...plain } = encoding;
  const rows = stripRows(width);
  const joiner = new StripJoiner(width, height);
  const encode = (top: number): Promise<Buffer> => {
    const bottom = Math.min(height, top + rows);
    const strip = pixels.subarray(top * width * channels, bottom * width * channels);
    return encodedStrip(
      { width, height: bottom - top, channels, pixels: strip },
      top === 0 ? encoding : plain,
    );
  };
  const target = openSync(to, "wx");
  const encoded: Promise<Buffer>[] = [];
  try {
    let next = 0;
    const begin = () => {
      for (; next < height && encoded.length < AT_ONCE; next += rows) encoded.push(encode(next));
    };
    begin();
    for (let strip = encoded.shift(); strip !== undefined; strip = encoded.shift()) {
      const parts = joiner.add(await strip);
      begin();
      for (const part of parts) writeWhole(target, part);
    }
    writeWhole(target, joiner.end());
  } finally {
    await Promise.allSettled(encoded);
    closeSync(target);
  }
}

/** Copies an encoded picture and puts the packet in. */
function withPacket(from: string, to: string, encoding: PictureEncoding): void {
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
