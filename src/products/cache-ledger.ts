import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { partPath } from "../storage/part-file.ts";
import type { ProductCache } from "./product-cache.ts";

/** Bytes that one character of the ledger stands for: a block of most file systems. */
const UNIT = 4096;
/** Digits of the total that the last sweep found, and the line's end. */
const TOTAL_LENGTH = 17;
/** Longest entry: 16 GiB. */
const LONGEST_ENTRY = 2 ** 22;

/** What a file of `size` bytes takes on the disk. */
export function diskBytes(size: number): number {
  return Math.max(1, Math.ceil(size / UNIT)) * UNIT;
}

/**
 * Enters new files, which take `bytes` on the disk together, into the ledger and tells about how many bytes lie in the cache. The ledger is a file that all processes append to: the total that the last
 * sweep found, and a character for each block written since, so nobody has to count files. Infinity when there was no sweep yet.
 */
export function enterBytes(cache: ProductCache, bytes: number): number {
  const fd = openSync(join(cache.root, "ledger"), "a+");
  try {
    writeSync(fd, "+".repeat(Math.min(LONGEST_ENTRY, bytes / UNIT)));
    const { size: length } = fstatSync(fd);
    const head = Buffer.alloc(TOTAL_LENGTH);
    const count = readSync(fd, head, 0, TOTAL_LENGTH, 0);
    const total = /^\d{16}\n$/.exec(head.toString("latin1", 0, count))?.[0];
    return total === undefined ? Infinity : Number(total) + (length - TOTAL_LENGTH) * UNIT;
  } finally {
    closeSync(fd);
  }
}

/** Begins the ledger anew with the total that a sweep found. Leaves nothing behind when the disk takes it not. Errors: those of the file system. */
export async function writeLedger(cache: ProductCache, total: number): Promise<void> {
  const path = join(cache.root, "ledger");
  const part = partPath(path);
  try {
    await writeFile(part, `${String(total).padStart(TOTAL_LENGTH - 1, "0")}\n`);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}
