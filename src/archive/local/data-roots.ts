import { realpath } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { SisError } from "../../errors/sis-error.ts";
import { sourceError } from "../source/source-error.ts";

/**
 * Refuses a path that is not below one of `roots` once all symbolic links are resolved; without
 * roots, nothing is refused. Does not reveal whether a file outside exists. Anyone who can write
 * below the roots is trusted not to swap links between this check and the read.
 * Errors: SOURCE_NOT_ALLOWED, SOURCE_MISSING, SOURCE_UNREADABLE.
 */
export async function checkDataRoot(path: string, roots: readonly string[]): Promise<void> {
  if (roots.length === 0) return;
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => undefined)));
  let real: string;
  try {
    real = await realpath(path);
  } catch (error) {
    const lexical = resolve(path);
    if ([...roots, ...realRoots].some((root) => isBelow(lexical, root))) throw sourceError(error);
    throw notAllowed();
  }
  if (!realRoots.some((root) => isBelow(real, root))) throw notAllowed();
}

function isBelow(path: string, root: string | undefined): boolean {
  return root !== undefined && path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function notAllowed(): SisError<"SOURCE_NOT_ALLOWED"> {
  return new SisError("SOURCE_NOT_ALLOWED", "the file is not in any of SBNSIS_DATA_ROOTS");
}
