import { access } from "node:fs/promises";
import { resolve } from "node:path";
import type { WritableCatalog } from "../catalog/writable-catalog.ts";
import { withoutTrailingSlashes } from "../config/trailing-slashes.ts";
import { type LocationRule, locationUrl } from "./location-url.ts";

/** Rows whose label is gone, and how many of them were deleted. */
export interface PruneCounts {
  readonly gone: number;
  readonly deleted: number;
}

interface PruneOptions extends LocationRule {
  readonly paths: readonly string[];
}

/** The path that `locationUrl` would make `url` of, below `root`; undefined when `url` is not below it. */
function pathOfUrl(url: string, root: string, rule: LocationRule): string | undefined {
  const rootUrl = withoutTrailingSlashes(locationUrl(root, rule));
  if (url === rootUrl) return root;
  if (!url.startsWith(`${rootUrl}/`)) return undefined;
  return `${root}${decodeURIComponent(url.slice(rootUrl.length))}`;
}

async function isGone(path: string): Promise<boolean> {
  try {
    await access(path);
    return false;
  } catch (error) {
    // a disk that does not answer is no reason to forget what it holds
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

/**
 * Deletes the rows whose label lay below `paths` and is not there any more, once `confirm` agrees to their number. A root that is
 * itself not there, such as a disk that is not mounted, prunes nothing.
 */
export async function pruneImages(
  catalog: WritableCatalog,
  options: PruneOptions,
  confirm: (gone: number) => Promise<boolean>,
): Promise<PruneCounts> {
  const roots: string[] = [];
  for (const path of options.paths) if (!(await isGone(path))) roots.push(resolve(path));
  const gone: number[] = [];
  for await (const rows of catalog.labelUrls()) {
    for (const { id, labelUrl } of rows) {
      const path = roots
        .map((root) => pathOfUrl(labelUrl, root, options))
        .find((found) => found !== undefined);
      if (path !== undefined && (await isGone(path))) gone.push(id);
    }
  }
  if (gone.length === 0 || !(await confirm(gone.length))) return { gone: gone.length, deleted: 0 };
  let deleted = 0;
  for (let at = 0; at < gone.length; at += 500)
    deleted += await catalog.deleteImages(gone.slice(at, at + 500));
  return { gone: gone.length, deleted };
}
