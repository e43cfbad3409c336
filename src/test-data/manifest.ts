import { readFile } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { SisError } from "../errors/sis-error.ts";
import { writeTextFile } from "./write-file.ts";

/** Name of the file that lists the test data in a folder. */
const MANIFEST = "test-data.json";
const KIND = "made by sbnsis test-data; lists the files that --delete takes away";
/** Maximum size of a manifest, bytes. */
const LIMIT = 64 * 1024 * 1024;

/** Frames of one kind that were made together. */
export interface MadeSet {
  readonly survey: string;
  readonly seed: number;
  readonly fullSize: boolean;
  readonly frames: number;
  /** Whether the set is complete. */
  readonly complete: boolean;
  /** Paths below the folder, with slashes. */
  readonly files: readonly string[];
}

export function manifestPath(directory: string): string {
  return join(directory, MANIFEST);
}

/**
 * The sets in a folder; none if nothing was made. Errors: OPERATION_FAILED for a file of this name
 * that is not ours.
 */
export async function readManifest(directory: string): Promise<readonly MadeSet[]> {
  const path = manifestPath(directory);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
  const sets = text.length > LIMIT ? undefined : parseSets(text);
  if (sets === undefined) {
    throw new SisError("OPERATION_FAILED", `${path} is not a list of test data; nothing was changed`);
  }
  return sets;
}

function parseSets(text: string): readonly MadeSet[] | undefined {
  try {
    const { kind, sets } = JSON.parse(text) as { kind?: unknown; sets?: unknown };
    return kind === KIND && Array.isArray(sets) && sets.every(isSet) ? sets : undefined;
  } catch {
    return undefined;
  }
}

function isSet(value: unknown): value is MadeSet {
  const { survey, seed, fullSize, frames, complete, files } = (value ?? {}) as Partial<MadeSet>;
  return (
    typeof survey === "string" &&
    typeof seed === "number" &&
    typeof fullSize === "boolean" &&
    typeof frames === "number" &&
    typeof complete === "boolean" &&
    Array.isArray(files) &&
    files.every((file) => typeof file === "string" && isBelow(file))
  );
}

/** Whether a path stays below the folder that it is relative to. */
function isBelow(file: string): boolean {
  const clean = normalize(file);
  return (
    file !== "" && !isAbsolute(clean) && clean !== "." && clean !== ".." && !clean.startsWith(`..${sep}`)
  );
}

/** Writes the list of sets. */
export async function writeManifest(directory: string, sets: readonly MadeSet[]): Promise<void> {
  await writeTextFile(manifestPath(directory), `${JSON.stringify({ kind: KIND, sets }, undefined, 1)}\n`);
}
