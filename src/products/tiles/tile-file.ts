import { open } from "node:fs/promises";
import { SisError } from "../../errors/sis-error.ts";
import type { CachedFile } from "../cache/product-cache.ts";

/** Bytes at the beginning of a file that contain its index, as a first guess. */
const HEAD_BYTES = 2 ** 16;

/**
 * The parts of a file of tiles: facts about them as JSON, an index, and the tiles one after the
 * other. Little-endian: length of the JSON, JSON, number of tiles, their ends, tiles.
 */
export function tileFileParts(facts: object, tiles: readonly Uint8Array[]): readonly Uint8Array[] {
  const json = new TextEncoder().encode(JSON.stringify(facts));
  const head = new Uint8Array(8 + json.length + 4 * tiles.length);
  const view = new DataView(head.buffer);
  view.setUint32(0, json.length, true);
  head.set(json, 4);
  view.setUint32(4 + json.length, tiles.length, true);
  let end = 0;
  tiles.forEach((tile, i) => {
    end += tile.length;
    view.setUint32(8 + json.length + 4 * i, end, true);
  });
  return [head, ...tiles];
}

/** Reads bytes `from` to `to` of a file of tiles. */
type ReadBytes = (from: number, to: number) => Promise<Buffer>;

/** The facts in a file of tiles. Errors: SOURCE_CHANGED when it is gone. */
export function readTileFacts<T>(file: CachedFile): Promise<T> {
  return withBytes(file, async (read) => {
    const { json } = await readHead(read, file.size);
    return JSON.parse(json) as T;
  });
}

/** The tile with an index, from 0. Errors: SOURCE_CHANGED when the file is gone. */
export function readTile(file: CachedFile, index: number): Promise<Buffer> {
  return withBytes(file, async (read) => {
    const { dataAt, ends } = await readHead(read, file.size);
    return read(dataAt + (ends[index - 1] ?? 0), dataAt + ends[index]!);
  });
}

async function readHead(read: ReadBytes, size: number) {
  let bytes = await read(0, Math.min(size, HEAD_BYTES));
  const length = bytes.readUInt32LE(0);
  const countAt = 4 + length;
  if (bytes.length < countAt + 4) bytes = await read(0, countAt + 4);
  const count = bytes.readUInt32LE(countAt);
  const dataAt = countAt + 4 + 4 * count;
  if (bytes.length < dataAt) bytes = await read(0, dataAt);
  const ends = Array.from({ length: count }, (_, i) => bytes.readUInt32LE(countAt + 4 + 4 * i));
  return { json: bytes.toString("utf8", 4, countAt), dataAt, ends };
}

async function withBytes<T>(file: CachedFile, work: (read: ReadBytes) => Promise<T>): Promise<T> {
  const { bytes: held, path, size, mtimeMs } = file;
  if (held !== undefined) {
    return work(async (from, to) => Buffer.from(held.buffer, held.byteOffset + from, to - from));
  }
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw new SisError("SOURCE_CHANGED", "a product cannot be opened", { cause });
  });
  try {
    const found = await handle.stat();
    if (found.size !== size || found.mtimeMs !== mtimeMs)
      throw new SisError("SOURCE_CHANGED", "a product was replaced before it was read");
    return await work(async (from, to) => {
      const bytes = Buffer.allocUnsafe(to - from);
      const { bytesRead } = await handle.read(bytes, 0, to - from, from);
      if (bytesRead < to - from) throw new SisError("SOURCE_CHANGED", "a product became shorter");
      return bytes;
    });
  } finally {
    await handle.close();
  }
}
