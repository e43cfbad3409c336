import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { SisError } from "../errors/sis-error.ts";

/** Which local files may be read besides those that data roots leave. Plain data. */
export interface LocalAccess {
  /** Whether links may lead out of an archive where there are no data roots. */
  readonly followLinks: boolean;
  /** The service's own files and folders, absolute: never read. */
  readonly ownFiles: readonly string[];
}

/** Access to every file: for paths that were checked already, and for commands of the operator. */
export const ANY_LOCAL_FILE: LocalAccess = { followLinks: true, ownFiles: [] };

/**
 * Refuses a file that is one of the service's own, under any name, and one that a symbolic link leads to outside of its
 * archive, unless links are followed. Where an archive begins is told by `beside`, the path of the image's label: its
 * folder, or the nearest one above that holds the file too. Links on the way there are the operator's. One system call
 * where there is no link: each request for a local image needs it.
 * Errors: SOURCE_NOT_ALLOWED; those of the file system.
 *
 * @param found what `stat` tells of the file
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

/** The nearest folder that both paths are below. */
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

/** Whether a path is an own file, a journal or rotated copy of one (the same name and more), or in an own folder. */
function isNamed(real: string, own: string): boolean {
  if (!real.startsWith(own)) return false;
  return real.length === own.length || ["-", ".", sep].includes(real[own.length] as string);
}

const resolved = new WeakMap<readonly string[], Promise<readonly string[]>>();

/** Paths with and without their links resolved, for the life of the process: own files have the places of the settings. */
function realNames(ownFiles: readonly string[]): Promise<readonly string[]> {
  let names = resolved.get(ownFiles);
  if (names === undefined) {
    names = Promise.all(ownFiles.map(namesOf)).then((all) => [...new Set(all.flat())]);
    resolved.set(ownFiles, names);
  }
  return names;
}

async function namesOf(own: string): Promise<readonly string[]> {
  // a file that is not there yet has its place in a folder that may be behind a link
  const folder = await realpath(dirname(own)).catch(() => dirname(own));
  const place = join(folder, basename(own));
  return [place, await realpath(own).catch(() => place)];
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
