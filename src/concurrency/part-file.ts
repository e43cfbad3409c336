import { randomUUID } from "node:crypto";
import { renameSync, rmSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const PART = /\.\d+-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;

/** A path beside `path` for an unfinished file: `<path>.<process id>-<UUID>.part`. */
export function partPath(path: string): string {
  return `${path}.${process.pid}-${randomUUID()}.part`;
}

/**
 * Runs `work` with the path of a part file beside `path`, which it creates and renames. Removes the
 * part if `work` fails. Errors: those of `work`.
 */
export async function withPart<T>(
  path: string,
  work: (part: string) => Promise<T>,
  part = partPath(path),
): Promise<T> {
  try {
    return await work(part);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Like `withPart`, synchronously. */
export function withPartSync<T>(path: string, work: (part: string) => T, part = partPath(path)): T {
  try {
    return work(part);
  } catch (error) {
    removeQuietly(part);
    throw error;
  }
}

/**
 * Writes the file at `path` such that nobody ever sees an incomplete one: `write` creates a part
 * file, which is then renamed. Errors: those of `write` and of the file system.
 */
export function replaceFile<T>(
  path: string,
  write: (part: string) => Promise<T>,
  part = partPath(path),
): Promise<T> {
  const replace = async () => {
    const result = await write(part);
    await rename(part, path);
    return result;
  };
  return withPart(path, replace, part);
}

/** Like `replaceFile`, synchronously. */
export function replaceFileSync(path: string, write: (part: string) => void, part = partPath(path)): void {
  const replace = () => {
    write(part);
    renameSync(part, path);
  };
  withPartSync(path, replace, part);
}

/**
 * A part file's name for files that one process writes: what it left when it was killed is
 * overwritten by the next.
 */
export const ownPart = (path: string): string => `${path}.part`;

/** Removes a file that may not exist, on a disk that may refuse. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // nothing can be removed from a read-only disk
  }
}

/**
 * Removes unfinished files left behind by a crash: those below `folder` that are named like
 * `partPath` does and have not been written to for `olderThanMs` (defaults to an hour, far longer
 * than any live download pauses). Returns how many were removed.
 */
export async function removeAbandonedParts(folder: string, olderThanMs = 3_600_000): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  let removed = 0;
  for (const entry of entries) {
    if (!entry.isFile() || !PART.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    // another process may finish or remove it meanwhile
    const found = await stat(path).catch(() => undefined);
    // a time far in the future predates a correction of the clock: anything being written has a
    // current time
    if (found === undefined || Math.abs(Date.now() - found.mtimeMs) < olderThanMs) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}
