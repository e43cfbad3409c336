import { existsSync, lstatSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FileIdentity } from "../../archive/file-source.ts";
import { SisError } from "../../errors/sis-error.ts";
import { cacheDanger, cacheFolder, cacheProblem } from "../cache-folder.ts";

/** A product that lies in the cache. */
export interface CachedFile extends FileIdentity {
  readonly path: string;
  /** The product itself, when it is at hand. */
  readonly bytes?: Uint8Array;
  /** The cache could not take it: it is in `bytes` only, and no file lies at `path`. */
  readonly unsaved?: true;
}

/** A product that was found in the cache. */
export interface FoundFile extends CachedFile {
  /** When it was last used, as far as that is known; milliseconds since 1970. */
  readonly usedMs: number;
}

/** How long the safety of the cache folder is believed, in milliseconds. */
const BELIEVED_MS = 1_000;

/** A path at which nothing can ever be: a cache there finds nothing and takes nothing. */
const NOWHERE = "/dev/null/sbnsis-products";

/**
 * Where products are stored: `<root>/<first digit of the key>/<key><extension>`. Sixteen folders, not
 * more: file systems put new folders far apart, and a file created where nothing was created lately
 * costs a read of the disk.
 */
export interface ProductCache {
  readonly root: string;
}

/**
 * The cache below the directory SBNSIS_CUTOUT_CACHE, which may be shared with other programs of the
 * same user. While another user could change what is in it (see `cacheDanger`) it is empty and
 * takes nothing.
 *
 * @param warn receives why it keeps no products, each time that changes
 */
export function productCache(directory: string, warn?: (warning: string) => void): ProductCache {
  let danger: string | undefined;
  let said: string | undefined;
  let expires = 0;
  return {
    get root() {
      const now = performance.now();
      if (now >= expires) {
        expires = now + BELIEVED_MS;
        danger = dangerOf(directory);
        const problem = danger ?? cacheProblem(directory);
        if (problem !== undefined && problem !== said) warn?.(`the cache is not used: it ${problem}`);
        if (problem === undefined && said !== undefined) warn?.("the cache is used again");
        said = problem;
      }
      return danger === undefined ? cacheFolder(directory) : NOWHERE;
    },
  };
}

function dangerOf(directory: string): string | undefined {
  try {
    return cacheDanger(directory);
  } catch {
    // folders above it cannot be looked at, so it is not there either
    return undefined;
  }
}

/** Where the product of `path` cannot be stored: it stays in memory, as on a full disk. */
export function unsavedPath(path: string): string {
  return join(NOWHERE, basename(path));
}

/** Names of the folders of products. */
export const CACHE_FOLDERS: readonly string[] = [..."0123456789abcdef"];

/** Path of a product, there or not. */
export function cachedPath(cache: ProductCache, key: string, extension: string): string {
  return join(cache.root, key.slice(0, 1), `${key}${extension}`);
}

/**
 * The product at `path` when it is in the cache: a regular file with content, not a link. Whatever
 * else is there, such as the empty file that a power cut may leave, does not count, and the
 * product is made again. One short system call, which costs a tenth of what it does by way of the
 * thread pool; the same holds for the locks in the same folders.
 */
export function findCached(path: string): FoundFile | undefined {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined || !found.isFile() || found.size === 0) return undefined;
    return { path, size: found.size, mtimeMs: found.mtimeMs, usedMs: found.atimeMs };
  } catch {
    return undefined;
  }
}

/** Makes the folder of a product. Errors: CACHE_UNAVAILABLE. */
export function prepareFolder(path: string): void {
  try {
    const folder = dirname(path);
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SisError("CACHE_UNAVAILABLE", "the cache folder cannot be created", { cause: error });
  }
}
