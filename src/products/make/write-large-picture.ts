import { closeSync, openSync, readSync } from "node:fs";
import { partPath, removeQuietly } from "../../concurrency/part-file.ts";
import { placeProduct, writeWhole } from "../cache/place-product.ts";
import type { CachedFile } from "../cache/product-cache.ts";
import {
  encodeIntoFile,
  insertXmp,
  type PictureEncoding,
  type PicturePixels,
} from "../encode/encode-picture.ts";
import { pictureFormat } from "../encode/formats/registry.ts";
import { StripWriter } from "../encode/strip-writer.ts";

/** Bytes copied at a time; the first of them contain everything that precedes the packet. */
const PIECE = 2 ** 20;

/**
 * Encodes a picture into a file of the cache without keeping it in memory, and renames it when it
 * is complete. Undefined if the disk cannot store it: nothing is left behind then, and the caller
 * makes it in memory. Errors: PICTURE_FAILED only when that fails as well.
 */
export async function writeLargePicture(
  path: string,
  picture: PicturePixels,
  encoding: PictureEncoding,
): Promise<CachedFile | undefined> {
  if (pictureFormat(encoding.format)?.hasStrips) {
    const writer = new StripWriter(path, picture, encoding);
    await writer.add(picture.height);
    return writer.finish();
  }
  const encoded = partPath(path);
  const finished = partPath(path);
  try {
    await encodeIntoFile(picture, encoding, encoded);
    withPacket(encoded, finished, encoding);
    return placeProduct(finished, path);
  } catch {
    return undefined;
  } finally {
    removeQuietly(encoded);
    removeQuietly(finished);
  }
}

/** Copies an encoded picture and inserts the packet. */
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
