import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../concurrency/part-file.ts";
import type { ProductCache } from "./product-cache.ts";

/** Bytes that one character of the ledger stands for: a block of most file systems. */
const UNIT = 4096;
/** Names of the files. */
const LEDGER = "ledger";
const FREED = "ledger-freed";
/** Digits of the total found by the last sweep, and a line end. */
const TOTAL_LENGTH = 17;
/** Longest entry: 16 GiB. */
const LONGEST_ENTRY = 2 ** 22;

/** Like "a+", but follows no link. */
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/** Disk usage of a file of `size` bytes. */
export function diskBytes(size: number): number {
  return Math.max(1, Math.ceil(size / UNIT)) * UNIT;
}

/** The contents of the ledger. */
export interface LedgerState {
  /**
   * Approximate number of bytes in the cache or reserved in it; Infinity before the first sweep.
   */
  readonly bytes: number;
  /** Inode of the ledger, which differs after each sweep. */
  readonly sweep: number;
}

/**
 * Enters `bytes` more on the disk, or fewer if negative, into the ledger, and returns its state.
 * The ledger is a file that all processes append to, so nobody has to count files: the total found
 * by the last sweep, and one character for each block added since. Blocks released since then are
 * recorded in a second file in the same way. Errors: those of the file system.
 */
export function enterBytes(cache: ProductCache, bytes: number): LedgerState {
  if (bytes < 0) appendUnits(join(cache.root, FREED), -bytes);
  const fd = openSync(join(cache.root, LEDGER), APPEND, 0o600);
  try {
    if (bytes > 0) writeSync(fd, units(bytes));
    const { size: length, ino: sweep } = fstatSync(fd);
    const head = Buffer.alloc(TOTAL_LENGTH);
    const count = readSync(fd, head, 0, TOTAL_LENGTH, 0);
    const total = /^\d{16}\n$/.exec(head.toString("latin1", 0, count))?.[0];
    if (total === undefined) return { bytes: Infinity, sweep };
    const freed = statSync(join(cache.root, FREED), { throwIfNoEntry: false })?.size ?? 0;
    return { bytes: Number(total) + (length - TOTAL_LENGTH - freed) * UNIT, sweep };
  } finally {
    closeSync(fd);
  }
}

function appendUnits(path: string, bytes: number): void {
  const fd = openSync(path, APPEND, 0o600);
  try {
    writeSync(fd, units(bytes));
  } finally {
    closeSync(fd);
  }
}

function units(bytes: number): string {
  return "+".repeat(Math.min(LONGEST_ENTRY, Math.round(bytes / UNIT)));
}

/**
 * Starts a new ledger with the total found by a sweep. Leaves nothing behind when the disk cannot
 * be written to. Errors: those of the file system.
 */
export async function writeLedger(cache: ProductCache, total: number): Promise<void> {
  await replaceFile(join(cache.root, LEDGER), async (part) => {
    await writeFile(part, `${String(total).padStart(TOTAL_LENGTH - 1, "0")}\n`, { flag: "wx" });
    await rm(join(cache.root, FREED), { force: true });
  });
}
