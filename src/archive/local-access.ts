import { realpathSync, type Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { SisError } from "../errors/sis-error.ts";

/** Which local files may be read, in addition to the restriction by data roots. Plain data. */
export interface LocalAccess {
  /** Whether links may lead out of an archive when there are no data roots. */
  readonly followLinks: boolean;
  /** The service's own files and folders, which are never read: see `ownFileNames`. */
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
  if (ownFiles.some((own) => isNamed(real, own))) return true;
  if (found.nlink < 2) return false;
  const stats = await Promise.all(ownFiles.map((own) => stat(own).catch(() => undefined)));
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

/**
 * The names of the service's own files for LocalAccess: their paths with and without their links
 * resolved. A file that does not exist yet may have a linked folder.
 * @param paths absolute
 */
export function ownFileNames(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap(namesOf))];
}

function namesOf(own: string): readonly string[] {
  const place = join(realOr(dirname(own), dirname(own)), basename(own));
  return [place, realOr(own, place)];
}

function realOr(path: string, otherwise: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return otherwise;
  }
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
