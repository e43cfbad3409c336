import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeQuietly, replaceFileSync } from "../../concurrency/part-file.ts";
import { CACHE_FOLDERS, type CachedFile, findCached } from "./product-cache.ts";

/**
 * Longest time after which a system has written a file's content to its disk, in milliseconds:
 * twice Linux's half a minute.
 */
const WRITTEN_AFTER_MS = 60_000;

/** The file in the cache that names the boot during which the cache was last used. */
const MARK = "boot";

/** Products with times in this range, in milliseconds since 1970, may be incomplete on the disk. */
interface Unsynced {
  readonly boot: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Recognizes products that a power failure or a system crash may have left empty or truncated.
 * Syncing each small product before renaming it would cost more than making it, so they are not
 * synced; instead, the first process that uses the cache after a boot records when products were
 * last made, and those of the minute before that are made again on request. Older ones had reached
 * the disk. Create this before anything is written to the cache.
 *
 * @param root of the cache
 * @param boot identifies the boot of the system; if it is undefined (unknown), nothing is suspect
 */
export class UnsyncedProducts {
  readonly #unsynced: Unsynced | undefined;

  constructor(root: string, boot = thisBoot()) {
    this.#unsynced = boot === undefined ? undefined : readMark(root, boot);
  }

  /**
   * The product at `path` if it is in the cache and certainly complete; one that may not be is
   * removed.
   */
  find(path: string): ReturnType<typeof findCached> {
    const found = findCached(path);
    if (found === undefined || !this.#isSuspect(found)) return found;
    removeQuietly(path);
    return undefined;
  }

  #isSuspect({ mtimeMs }: CachedFile): boolean {
    return this.#unsynced !== undefined && mtimeMs >= this.#unsynced.from && mtimeMs <= this.#unsynced.to;
  }
}

function thisBoot(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return undefined;
  }
}

/** The mark of this boot; replaces the mark of an earlier one. */
function readMark(root: string, boot: string): Unsynced {
  const path = join(root, MARK);
  try {
    const mark = JSON.parse(readFileSync(path, "utf8")) as Unsynced;
    if (mark.boot === boot) return mark;
  } catch {
    // missing, or incomplete on the disk itself
  }
  const last = Math.max(0, ...CACHE_FOLDERS.map((name) => changeTime(join(root, name))));
  const mark = { boot, from: Math.floor(last / 1000) * 1000 - WRITTEN_AFTER_MS, to: last };
  try {
    replaceFileSync(path, (part) => writeFileSync(part, JSON.stringify(mark), { flag: "wx" }));
  } catch {
    // nothing can be written, so no product can become incomplete either
  }
  return mark;
}

/** When a product was last added to a folder or removed from it; 0 if there is no such folder. */
function changeTime(folder: string): number {
  try {
    return statSync(folder).mtimeMs;
  } catch {
    return 0;
  }
}
