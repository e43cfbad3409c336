import { readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { WritableCatalog } from "../catalog/writable-catalog.ts";
import { walkLabels } from "./find/walk-labels.ts";
import { isGone, type LocationRule, pathsOfUrl } from "./location-url.ts";

/**
 * How many rows a prune may delete: an absolute number, or a share (0 to 1) of the rows below each
 * root.
 */
export type PruneLimit = { readonly rows: number } | { readonly share: number };

/** The default limit of a prune. */
const DEFAULT_PRUNE_LIMIT: PruneLimit = { share: 0.1 };

/** Rows whose label is gone, and how many of them were deleted. */
export interface PruneCounts {
  readonly gone: number;
  readonly deleted: number;
  /** Why nothing was deleted although some rows have no label any more, one sentence each. */
  readonly refusals: readonly string[];
}

export interface PruneOptions extends LocationRule {
  readonly paths: readonly string[];
  /** File extensions of labels, including the dot. */
  readonly extensions: readonly string[];
  /** Defaults to a tenth. */
  readonly atMost?: PruneLimit;
}

/** A folder or label whose rows are pruned. */
class Root {
  readonly path: string;
  rows = 0;
  readonly gone: number[] = [];
  /**
   * An empty folder in which rows have labels: possibly the mount point of a disk that is not
   * mounted.
   */
  emptyFolder: string | undefined;
  readonly #empty = new Map<string, boolean>();

  constructor(path: string) {
    this.path = path;
  }

  holds(path: string): boolean {
    return path === this.path || path.startsWith(this.path === "/" ? "/" : `${this.path}/`);
  }

  /** Records a row whose label may be at `paths`. */
  take(id: number, paths: readonly string[]): void {
    this.rows += 1;
    if (!paths.every(isGone)) return;
    this.gone.push(id);
    for (const path of paths) {
      const folder = this.#nearestFolder(path);
      if (folder !== undefined && this.#isEmpty(folder)) this.emptyFolder ??= folder;
    }
  }

  #nearestFolder(path: string): string | undefined {
    let folder = dirname(path);
    while (this.holds(folder) && isGone(folder)) folder = dirname(folder);
    return this.holds(folder) ? folder : undefined;
  }

  #isEmpty(folder: string): boolean {
    let isEmpty = this.#empty.get(folder);
    if (isEmpty === undefined) {
      isEmpty = entriesOf(folder) === 0;
      this.#empty.set(folder, isEmpty);
    }
    return isEmpty;
  }
}

function entriesOf(folder: string): number | undefined {
  try {
    return readdirSync(folder).length;
  } catch {
    return undefined;
  }
}

/** Whether any label is below a root, at any depth. */
function hasLabels(root: string, extensions: readonly string[]): boolean {
  for (const { kind } of walkLabels([root], { recursive: true, extensions, isSorted: false }))
    if (kind === "label") return true;
  return false;
}

function shareText(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}

function refusalFor(
  root: Root,
  { extensions, atMost = DEFAULT_PRUNE_LIMIT }: PruneOptions,
): string | undefined {
  const { path, rows, gone, emptyFolder } = root;
  if (gone.length === 0) return undefined;
  if (!hasLabels(path, extensions)) {
    return `${path} contains no labels, but ${rows} rows have their labels there: is it mounted?`;
  }
  if (emptyFolder !== undefined) {
    return `${emptyFolder} is empty, but rows have their labels there: is it mounted? Remove the folder if it is no longer needed`;
  }
  if ("share" in atMost && gone.length > atMost.share * rows) {
    return `the labels of ${gone.length} of ${rows} rows under ${path} are gone, more than ${shareText(atMost.share)}: if that is right, repeat with --at-most ${gone.length}`;
  }
  return undefined;
}

function refusalsFor(roots: readonly Root[], options: PruneOptions): readonly string[] {
  const refusals = roots.flatMap((root) => refusalFor(root, options) ?? []);
  const { atMost = DEFAULT_PRUNE_LIMIT } = options;
  const gone = roots.reduce((sum, root) => sum + root.gone.length, 0);
  if ("rows" in atMost && gone > atMost.rows) {
    refusals.push(`the labels of ${gone} rows are gone, more than the ${atMost.rows} of --at-most`);
  }
  return refusals;
}

/**
 * Deletes the rows whose label was below `paths` and is gone, once `confirm` agrees to their
 * number. Nothing is deleted when a root has no label at all or a folder with rows is empty, as
 * when a disk is not mounted, or when more than `atMost` rows would go.
 */
export async function pruneImages(
  catalog: WritableCatalog,
  options: PruneOptions,
  confirm: (gone: number) => Promise<boolean>,
): Promise<PruneCounts> {
  // of nested roots the innermost one owns the row
  const paths = [...new Set(options.paths.map((path) => resolve(path)))];
  const roots = paths.sort((a, b) => b.length - a.length).map((path) => new Root(path));
  for await (const rows of catalog.labelUrls()) {
    for (const { id, labelUrl } of rows) {
      const candidates = pathsOfUrl(labelUrl, options);
      roots.find((root) => candidates.some((path) => root.holds(path)))?.take(id, candidates);
    }
  }
  const gone = roots.flatMap((root) => root.gone);
  const refusals = refusalsFor(roots, options);
  if (gone.length === 0 || refusals.length > 0 || !(await confirm(gone.length))) {
    return { gone: gone.length, deleted: 0, refusals };
  }
  let deleted = 0;
  for (let at = 0; at < gone.length; at += 500)
    deleted += await catalog.deleteImages(gone.slice(at, at + 500));
  await catalog.updateCoverage();
  return { gone: gone.length, deleted, refusals };
}
