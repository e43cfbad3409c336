import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { SisError } from "../errors/sis-error.ts";

/** Which local files may be read, in addition to the restriction by data roots. Plain data. */
export interface LocalAccess {
  /** Whether links may lead out of an archive when there are no data roots. */
  readonly followLinks: boolean;
  /** Absolute paths of the service's own files and folders, which are never read. */
  readonly ownFiles: readonly string[];
}

/** Access to every file: for paths that were already checked, and for the operator's commands. */
export const ANY_LOCAL_FILE: LocalAccess = { followLinks: true, ownFiles: [] };

/**
 * Refuses the service's own files, under any name, and files that a symbolic link leads to outside
 * of their archive, unless links are followed. The archive's root is derived from `beside`, the
 * path of the image's label: its folder, or the nearest one above that also contains the file.
 * Links above that root are the operator's. Takes one system call when there is no link, because
 * every request for a local image needs it.
 * Errors: SOURCE_NOT_ALLOWED; those of the file system.
 *
 * @param found the result of `stat` for the file
 */
export async function checkLocalAccess(
  path: string,
  found: Stats,
  { followLinks, ownFiles }: LocalAccess,
  beside = path,
): Promise<void> {
  if (followLinks && ownFiles.length === 0) return;
  const real = await realpath(path);
  if (await isOwn(real, found, ownFiles)) {
    throw new SisError("SOURCE_NOT_ALLOWED", "the file belongs to the service itself");
  }
  if (followLinks || real === path) return;
  const archive = await realpath(commonFolder(resolve(path), resolve(beside)));
  if (isBelow(real, archive)) return;
  throw new SisError(
    "SOURCE_NOT_ALLOWED",
    "a symbolic link points outside the archive: set SBNSIS_DATA_ROOTS or SBNSIS_FOLLOW_LINKS",
  );
}

/** The deepest folder that contains both paths. */
function commonFolder(path: string, beside: string): string {
  let folder = dirname(beside);
  while (!isBelow(path, folder)) folder = dirname(folder);
  return folder;
}

async function isOwn(real: string, found: Stats, ownFiles: readonly string[]): Promise<boolean> {
  const names = await realNames(ownFiles);
  if (names.some((own) => isNamed(real, own))) return true;
  if (found.nlink < 2) return false;
  const stats = await Promise.all(names.map((own) => stat(own).catch(() => undefined)));
  return stats.some((own) => own !== undefined && own.ino === found.ino && own.dev === found.dev);
}

/**
 * Whether a path is an own file, a journal or rotated copy of one (its name with a suffix), or in
 * an own folder.
 */
function isNamed(real: string, own: string): boolean {
  if (!real.startsWith(own)) return false;
  return real.length === own.length || ["-", ".", sep].includes(real[own.length] as string);
}

const resolved = new WeakMap<readonly string[], Promise<readonly string[]>>();

/**
 * Paths with and without their links resolved, cached for the life of the process: own files are
 * fixed by the settings.
 */
function realNames(ownFiles: readonly string[]): Promise<readonly string[]> {
  let names = resolved.get(ownFiles);
  if (names === undefined) {
    names = Promise.all(ownFiles.map(namesOf)).then((all) => [...new Set(all.flat())]);
    resolved.set(ownFiles, names);
  }
  return names;
}

async function namesOf(own: string): Promise<readonly string[]> {
  // a file that does not exist yet may have a linked folder
  const folder = await realpath(dirname(own)).catch(() => dirname(own));
  const place = join(folder, basename(own));
  return [place, await realpath(own).catch(() => place)];
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
