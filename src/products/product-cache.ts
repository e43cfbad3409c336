import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { SisError } from "../errors/sis-error.ts";
import type { FileIdentity } from "../storage/file-source.ts";

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

/**
 * Where products lie: `<root>/sbnsis-products/<first digit of the key>/<key><extension>`. Sixteen folders, not more: file systems put
 * new folders far apart, and a file made where nothing was made lately costs a read of the disk.
 */
export interface ProductCache {
  readonly root: string;
}

/** The cache below the directory SBNSIS_CUTOUT_CACHE, which may be shared with other programs: the cache keeps to one folder in it. */
export function productCache(directory: string): ProductCache {
  return { root: join(directory, "sbnsis-products") };
}

/** Names of the folders of products. */
export const CACHE_FOLDERS: readonly string[] = [..."0123456789abcdef"];

/** Path of a product, there or not. */
export function cachedPath(cache: ProductCache, key: string, extension: string): string {
  return join(cache.root, key.slice(0, 1), `${key}${extension}`);
}

/**
 * The product at `path` when it is in the cache. One short system call, which costs a tenth of what it does by way of the thread pool; so do those of the
 * locks, which lie in the same folders.
 */
export function findCached(path: string): FoundFile | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found && { path, size: found.size, mtimeMs: found.mtimeMs, usedMs: found.atimeMs };
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
    throw new SisError("CACHE_UNAVAILABLE", "the cache folder cannot be made", { cause: error });
  }
}
