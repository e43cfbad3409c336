import { existsSync, lstatSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FileIdentity } from "../../archive/file-source.ts";
import { SisError } from "../../errors/sis-error.ts";
import { cacheDanger, cacheFolder, cacheProblem } from "../cache-folder.ts";

/** A product in the cache. */
export interface CachedFile extends FileIdentity {
  readonly path: string;
  /** The product itself, if it is in memory. */
  readonly bytes?: Uint8Array;
  /** The cache could not store it: it is only in `bytes`, and there is no file at `path`. */
  readonly unsaved?: true;
}

/** A product that was found in the cache. */
export interface FoundFile extends CachedFile {
  /** When it was last used, as far as known; milliseconds since 1970. */
  readonly usedMs: number;
}

/** How long the result of checking the cache folder stays valid, in milliseconds. */
const BELIEVED_MS = 1_000;

/** A path that can never exist: a cache there finds and stores nothing. */
const NOWHERE = "/dev/null/sbnsis-products";

/**
 * Where products are stored: `<root>/<first digit of the key>/<key><extension>`. Only sixteen
 * folders: file systems place new folders far apart, and creating a file where none was created
 * recently costs a disk read.
 */
export interface ProductCache {
  readonly root: string;
}

/**
 * The cache in the directory SBNSIS_CUTOUT_CACHE, which may be shared with other programs of the
 * same user. As long as another user could change its contents (see `cacheDanger`), it is empty and
 * stores nothing.
 *
 * @param warn receives why it stores no products, each time that changes
 */
export function productCache(directory: string, warn?: (warning: string) => void): ProductCache {
  let danger: string | undefined;
  let reported: string | undefined;
  let expires = 0;
  return {
    get root() {
      const now = performance.now();
      if (now >= expires) {
        expires = now + BELIEVED_MS;
        danger = dangerOf(directory);
        const problem = danger ?? cacheProblem(directory);
        if (problem !== undefined && problem !== reported) warn?.(`the cache is not used: it ${problem}`);
        if (problem === undefined && reported !== undefined) warn?.("the cache is used again");
        reported = problem;
      }
      return danger === undefined ? cacheFolder(directory) : NOWHERE;
    },
  };
}

function dangerOf(directory: string): string | undefined {
  try {
    return cacheDanger(directory);
  } catch {
    // folders above it cannot be read, so it does not exist
    return undefined;
  }
}

/**
 * A path at which the product of `path` cannot be stored: it stays in memory, as on a full disk.
 */
export function unsavedPath(path: string): string {
  return join(NOWHERE, basename(path));
}

/** Names of the folders of products. */
export const CACHE_FOLDERS: readonly string[] = [..."0123456789abcdef"];

/** Path of a product, whether or not it exists. */
export function cachedPath(cache: ProductCache, key: string, extension: string): string {
  return join(cache.root, key.slice(0, 1), `${key}${extension}`);
}

/**
 * The product at `path` if it is in the cache: a regular file with content, not a link. Anything
 * else, such as an empty file left by a power failure, does not count, and the product is made
 * again. Synchronous, because this short system call takes a tenth of the time that it takes in the
 * thread pool; the same is true of the locks in these folders.
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

/** Creates the folder of a product. Errors: CACHE_UNAVAILABLE. */
export function prepareFolder(path: string): void {
  try {
    const folder = dirname(path);
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SisError("CACHE_UNAVAILABLE", "the cache folder cannot be created", { cause: error });
  }
}
