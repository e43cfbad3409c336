import type { Dirent, Stats } from "node:fs";
import { opendir, stat } from "node:fs/promises";
import { join } from "node:path";

/** What the walk came upon. */
export type WalkStep =
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "label"; readonly path: string }
  | { readonly kind: "problem"; readonly path: string; readonly reason: string };

export interface WalkOptions {
  readonly recursive: boolean;
  /** File extensions of labels, with their dot; case does not matter. */
  readonly extensions: readonly string[];
  /** Only files changed at or after this moment, milliseconds of the Unix epoch. */
  readonly sinceMs?: number;
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const known: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file or directory",
    EACCES: "permission denied",
    ELOOP: "the symbolic links lead in a circle",
  };
  return known[code ?? ""] ?? (error instanceof Error ? error.message : String(error));
}

function kindOf(entry: Dirent | Stats): "file" | "directory" | "link" | "other" {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}

/**
 * Finds labels below `paths`; a file among them is taken whatever its extension. Directories are read entry by entry, so memory
 * does not grow with them; one that was met before, by a link or twice among `paths`, is not entered again.
 */
export async function* walkLabels(paths: readonly string[], options: WalkOptions): AsyncGenerator<WalkStep> {
  const entered = new Set<string>();
  const extensions = options.extensions.map((extension) => extension.toLowerCase());

  async function* file(path: string, known?: Stats): AsyncGenerator<WalkStep> {
    if (options.sinceMs !== undefined) {
      const { mtimeMs } = known ?? (await stat(path));
      if (mtimeMs < options.sinceMs) return;
    }
    yield { kind: "label", path };
  }

  async function* directory(path: string, status: Stats): AsyncGenerator<WalkStep> {
    const identity = `${status.dev}:${status.ino}`;
    if (entered.has(identity)) return;
    entered.add(identity);
    yield { kind: "directory", path };
    for await (const entry of await opendir(path)) {
      const child = join(path, entry.name);
      const isLabel = extensions.some((extension) => entry.name.toLowerCase().endsWith(extension));
      let kind = kindOf(entry);
      if (kind !== "directory" && !isLabel && !(kind === "link" && options.recursive)) continue;
      if (kind === "directory" && !options.recursive) continue;
      try {
        let status: Stats | undefined;
        if (kind !== "file") {
          status = await stat(child);
          kind = kindOf(status);
        }
        if (kind === "directory") {
          if (options.recursive && status !== undefined) yield* directory(child, status);
        } else if (!isLabel) continue;
        else if (kind === "file") yield* file(child, status);
        else yield { kind: "problem", path: child, reason: "not a regular file" };
      } catch (error) {
        // a link that leads nowhere matters only where a label should be
        if (isLabel || kind === "directory") yield { kind: "problem", path: child, reason: reasonOf(error) };
      }
    }
  }

  for (const path of paths) {
    try {
      const status = await stat(path);
      const kind = kindOf(status);
      if (kind === "directory") yield* directory(path, status);
      else if (kind === "file") yield* file(path, status);
      else yield { kind: "problem", path, reason: "not a regular file" };
    } catch (error) {
      yield { kind: "problem", path, reason: reasonOf(error) };
    }
  }
}
