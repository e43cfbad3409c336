import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { partPath } from "../../concurrency/part-file.ts";
import { removeQuietly } from "./place-product.ts";
import { CACHE_FOLDERS, type CachedFile, findCached } from "./product-cache.ts";

/**
 * Longest time after which a system has written a file's content to its disk, in milliseconds:
 * twice Linux's half a minute.
 */
const WRITTEN_AFTER_MS = 60_000;

/** The file in the cache that names the boot in which the cache was last used. */
const MARK = "boot";

/** Products of these times, milliseconds since 1970, may not have reached the disk whole. */
interface Unsynced {
  readonly boot: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The products that a power cut or a crash of the system may have left empty or cut short. Syncing
 * each small product before it is renamed would cost more than making it, so they are not synced;
 * instead the first process that uses the cache after a boot notes when products were last made,
 * and those of the minute before that are made again when they are asked for. The rest had reached
 * the disk. Create it before anything is written to the cache.
 *
 * @param root of the cache
 * @param boot names the boot of the system; undefined where that cannot be told: nothing is suspect
 */
export class UnsyncedProducts {
  readonly #unsynced: Unsynced | undefined;

  constructor(root: string, boot = thisBoot()) {
    this.#unsynced = boot === undefined ? undefined : readMark(root, boot);
  }

  /** The product at `path`, when it is in the cache and certainly whole; one that may not be goes. */
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

/** What the mark says in this boot; it is written where it is of another one. */
function readMark(root: string, boot: string): Unsynced {
  const path = join(root, MARK);
  try {
    const mark = JSON.parse(readFileSync(path, "utf8")) as Unsynced;
    if (mark.boot === boot) return mark;
  } catch {
    // it is not there, or did not reach the disk itself
  }
  const last = Math.max(0, ...CACHE_FOLDERS.map((name) => changeTime(join(root, name))));
  const mark = { boot, from: Math.floor(last / 1000) * 1000 - WRITTEN_AFTER_MS, to: last };
  const part = partPath(path);
  try {
    writeFileSync(part, JSON.stringify(mark), { flag: "wx" });
    renameSync(part, path);
  } catch {
    removeQuietly(part);
  }
  return mark;
}

/** When a product was last added to a folder or removed from it; 0 when there is none. */
function changeTime(folder: string): number {
  try {
    return statSync(folder).mtimeMs;
  } catch {
    return 0;
  }
}
