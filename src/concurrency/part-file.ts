import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const PART = /\.\d+-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;

/** A path beside `path` for an unfinished file: `<path>.<process id>-<UUID>.part`. */
export function partPath(path: string): string {
  return `${path}.${process.pid}-${randomUUID()}.part`;
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
