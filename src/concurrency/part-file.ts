import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const PART = /\.\d+-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;

/** A name beside `path` for a file that is not finished: `<path>.<process id>-<UUID>.part`. */
export function partPath(path: string): string {
  return `${path}.${process.pid}-${randomUUID()}.part`;
}

/**
 * Removes unfinished files that a crash left behind: those in `folder` and below it with a name of `partPath` to which nothing was written for `olderThanMs`
 * (default an hour: far longer than a living download is silent). The answer is how many.
 */
export async function removeAbandonedParts(folder: string, olderThanMs = 3_600_000): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  let removed = 0;
  for (const entry of entries) {
    if (!entry.isFile() || !PART.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    // another process may finish or remove it meanwhile
    const found = await stat(path).catch(() => undefined);
    // a time far in the future is of a clock that was put back since: what is written has a time of now
    if (found === undefined || Math.abs(Date.now() - found.mtimeMs) < olderThanMs) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}
