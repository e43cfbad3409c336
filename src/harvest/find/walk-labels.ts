import { type Dir, type Dirent, opendirSync, type Stats, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { systemReason } from "../../errors/system-reason.ts";

/** What the walk found. */
export type WalkStep =
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "label"; readonly path: string }
  | { readonly kind: "problem"; readonly path: string; readonly reason: string };

export interface WalkOptions {
  readonly recursive: boolean;
  /** File extensions of labels, including the dot; case does not matter. */
  readonly extensions: readonly string[];
  /** Only files changed at or after this moment, milliseconds of the Unix epoch. */
  readonly sinceMs?: number;
  /**
   * Whether each directory is read in order of names; false where the order does not matter.
   * Defaults to true.
   */
  readonly isSorted?: boolean;
}

/** Directory entries read at a time. */
const ENTRIES_AT_ONCE = 512;

function kindOf(entry: Dirent | Stats): "file" | "directory" | "link" | "other" {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}

function* entriesOf(path: string): Generator<Dirent> {
  const directory: Dir = opendirSync(path, { bufferSize: ENTRIES_AT_ONCE });
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) yield entry;
  } finally {
    directory.closeSync();
  }
}

interface FoundEntry {
  readonly name: string;
  readonly kind: ReturnType<typeof kindOf>;
  readonly isLabel: boolean;
}

/** Order of UTF-16 units, the same in every locale. */
function byName({ name: a }: FoundEntry, { name: b }: FoundEntry): number {
  return a < b ? -1 : Number(a > b);
}

/** A walk in progress. */
class Walk {
  readonly #options: WalkOptions;
  readonly #extensions: readonly string[];
  /** Device and inode of the directories visited. */
  readonly #entered = new Set<string>();

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#extensions = options.extensions.map((extension) => extension.toLowerCase());
  }

  *root(path: string): Generator<WalkStep> {
    try {
      const status = statSync(path);
      const kind = kindOf(status);
      if (kind === "directory") yield* this.#directory(path, status);
      else if (kind === "file") yield* this.#file(path, status);
      else yield { kind: "problem", path, reason: "not a regular file" };
    } catch (error) {
      yield { kind: "problem", path, reason: systemReason(error) };
    }
  }

  *#file(path: string, known?: Stats): Generator<WalkStep> {
    const { sinceMs } = this.#options;
    if (sinceMs === undefined || (known ?? statSync(path)).mtimeMs >= sinceMs) yield { kind: "label", path };
  }

  /**
   * Relevant entries of a directory. Names that begin with a dot are skipped: `._x.xml`,
   * `.snapshot` and the like.
   */
  *#entriesOf(path: string): Generator<FoundEntry> {
    const { recursive } = this.#options;
    for (const entry of entriesOf(path)) {
      if (entry.name.startsWith(".")) continue;
      const name = entry.name.toLowerCase();
      const isLabel = this.#extensions.some((extension) => name.endsWith(extension));
      const kind = kindOf(entry);
      const matters = kind === "directory" ? recursive : isLabel || (kind === "link" && recursive);
      if (matters) yield { name: entry.name, kind, isLabel };
    }
  }

  *#directory(path: string, status: Stats): Generator<WalkStep> {
    const identity = `${status.dev}:${status.ino}`;
    if (this.#entered.has(identity)) return;
    this.#entered.add(identity);
    yield { kind: "directory", path };
    const { isSorted = true } = this.#options;
    const found = isSorted ? [...this.#entriesOf(path)].sort(byName) : this.#entriesOf(path);
    for (const { name, kind, isLabel } of found) yield* this.#entry(join(path, name), kind, isLabel);
  }

  *#entry(path: string, entryKind: ReturnType<typeof kindOf>, isLabel: boolean): Generator<WalkStep> {
    try {
      if (entryKind === "file") {
        yield* this.#file(path);
        return;
      }
      const status = statSync(path);
      const kind = kindOf(status);
      if (kind === "directory") {
        if (this.#options.recursive) yield* this.#directory(path, status);
      } else if (!isLabel) return;
      else if (kind === "file") yield* this.#file(path, status);
      else yield { kind: "problem", path, reason: "not a regular file" };
    } catch (error) {
      // a dangling link matters only where a label should be
      if (isLabel || entryKind === "directory") yield { kind: "problem", path, reason: systemReason(error) };
    }
  }
}

/**
 * Finds labels below `paths`; a file named in `paths` is used whatever its extension. Directories
 * are read in order of names; one that was visited before, by a link or twice in `paths`, is not
 * entered again.
 */
export function* walkLabels(paths: readonly string[], options: WalkOptions): Generator<WalkStep> {
  const walk = new Walk(options);
  for (const path of paths) yield* walk.root(path);
}

/** Number of labels counted so far. */
export interface LabelCount {
  readonly labels: number;
  readonly isComplete: boolean;
}

/** Counts the labels below paths in small steps, alongside the harvest that reads them. */
export class LabelCounter {
  readonly #walk: ReturnType<typeof walkLabels>;
  #labels = 0;
  #isComplete = false;

  constructor(paths: readonly string[], options: WalkOptions) {
    this.#walk = walkLabels(
      paths.map((path) => resolve(path)),
      { ...options, isSorted: false },
    );
  }

  /** Continues counting for about this many milliseconds. */
  advance(milliseconds: number): LabelCount {
    const end = performance.now() + milliseconds;
    while (!this.#isComplete && performance.now() < end) {
      const step = this.#walk.next();
      if (step.done === true) this.#isComplete = true;
      else if (step.value.kind !== "directory") this.#labels += 1;
    }
    return { labels: this.#labels, isComplete: this.#isComplete };
  }
}
