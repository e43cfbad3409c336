import { accessSync, chmodSync, constants, lstatSync, mkdirSync, realpathSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Name of the one folder that the cache uses in SBNSIS_CUTOUT_CACHE, which may contain other things
 * too.
 */
const CACHE_NAME = "sbnsis-products";

/** Access for the owner only. */
const OWN_MODE = 0o700;
/** Write permission of group and others. */
const WRITABLE_BY_OTHERS = 0o022;
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

/** The cache folder in the directory SBNSIS_CUTOUT_CACHE. */
export function cacheFolder(directory: string): string {
  return join(directory, CACHE_NAME);
}

/**
 * Creates the cache folder with mode 0700 if it is missing, and checks that no other user can put
 * files into it: it must be a directory, not a link, belong to this process's user, and be writable
 * by nobody else; nor may another user be able to replace it with a folder of their own. Returns
 * why the folder must not be used, in words that contain no path; undefined when it is safe. A
 * folder that cannot be created is safe: nothing is read from it.
 */
export function cacheDanger(directory: string): string | undefined {
  const folder = cacheFolder(directory);
  createQuietly(directory, true);
  createQuietly(folder, false);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.isSymbolicLink()) return "is a symbolic link";
  // nothing can be stored in anything but a directory
  if (!found.isDirectory()) return undefined;
  if (!isOwn(found)) return "belongs to another user";
  if ((found.mode & WRITABLE_BY_OTHERS) !== 0) return "is writable by other users";
  if ((found.mode & 0o077) !== 0) restrictQuietly(folder);
  return isReplaceable(directory) ? "is in a folder that other users can change" : undefined;
}

function createQuietly(folder: string, recursive: boolean): void {
  try {
    mkdirSync(folder, { recursive, mode: OWN_MODE });
  } catch {
    // it exists, or cannot be created: the checks below decide
  }
}

function restrictQuietly(folder: string): void {
  try {
    chmodSync(folder, OWN_MODE);
  } catch {
    // modes cannot be changed on a read-only disk
  }
}

function isOwn({ uid }: Stats): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}

/**
 * Whether another user could replace `directory` or a folder above it, either as named or after
 * following links.
 */
function isReplaceable(directory: string): boolean {
  return isChangeable(directory) || isChangeable(realpathSync(directory));
}

/**
 * Whether `path` or a folder above it is writable by everyone without the sticky bit, or was
 * created by another user in a folder that is writable by everyone.
 */
function isChangeable(path: string): boolean {
  const found = lstatSync(path);
  const parent = dirname(path);
  if (!found.isSymbolicLink() && (found.mode & WRITABLE_BY_ALL) !== 0 && (found.mode & STICKY) === 0)
    return true;
  if (parent === path) return false;
  const isForeign = found.uid !== 0 && !isOwn(found);
  if (isForeign && (lstatSync(parent).mode & WRITABLE_BY_ALL) !== 0) return true;
  return isChangeable(parent);
}

/**
 * Why the cache stores no products: the finding of `cacheDanger`, or that it cannot be written to.
 */
export function cacheProblem(directory: string): string | undefined {
  try {
    const danger = cacheDanger(directory);
    if (danger !== undefined) return danger;
    const folder = cacheFolder(directory);
    accessSync(folder, constants.W_OK | constants.X_OK);
    return lstatSync(folder).isDirectory() ? undefined : "cannot be written to";
  } catch {
    return "cannot be written to";
  }
}
