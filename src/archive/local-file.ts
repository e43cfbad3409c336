import { realpath, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isSisError, SisError } from "../errors/sis-error.ts";
import { type FileIdentity, sourceError } from "./file-source.ts";
import { ANY_LOCAL_FILE, checkLocalAccess, type LocalAccess } from "./local-access.ts";

/** A local file that a URL of the catalog names. */
export interface LocalFile extends FileIdentity {
  /** Absolute path; never shown to clients. */
  readonly path: string;
}

/**
 * Finds the local file of a catalog URL (RFC 8089). The Python service wrote paths into URLs
 * without percent-encoding them, so when no file has the decoded path, the path is tried as
 * written.
 * Errors: SOURCE_SCHEME for other schemes or hosts, SOURCE_MISSING, SOURCE_UNREADABLE,
 * SOURCE_NOT_ALLOWED for a file outside of `roots`, if there are any, and for one that
 * `checkLocalAccess` refuses.
 *
 * @param beside the URL of the image's label, from which the archive's root is derived
 */
export async function findLocalFile(
  url: string,
  roots: readonly string[] = [],
  access: LocalAccess = ANY_LOCAL_FILE,
  beside?: string,
): Promise<LocalFile> {
  const label = beside?.startsWith("file:") === true ? localPaths(beside)[0] : undefined;
  return findFirst(localPaths(url), roots, access, label);
}

/** Like `findLocalFile`, for an absolute path. */
export async function findLocalPath(
  path: string,
  roots: readonly string[] = [],
  access: LocalAccess = ANY_LOCAL_FILE,
): Promise<LocalFile> {
  if (path.includes("\0")) throw new SisError("SOURCE_UNREADABLE", "the path contains a NUL");
  return findFirst([path], roots, access, undefined);
}

async function findFirst(
  candidates: readonly string[],
  roots: readonly string[],
  access: LocalAccess,
  beside: string | undefined,
): Promise<LocalFile> {
  // with data roots, it is they that limit links
  const rules = roots.length > 0 ? { ...access, followLinks: true } : access;
  let failure: unknown;
  for (const path of candidates) {
    try {
      await checkDataRoot(path, roots);
      const found = await stat(path);
      if (found.isFile()) {
        await checkLocalAccess(path, found, rules, beside);
        return { path, size: found.size, mtimeMs: found.mtimeMs };
      }
      failure = new SisError("SOURCE_UNREADABLE", "the source is not a regular file");
    } catch (error) {
      failure ??= isSisError(error) ? error : sourceError(error);
    }
  }
  throw failure;
}

/** Paths that a `file:` URL may mean, starting with the one according to the standard. */
function localPaths(url: string): readonly string[] {
  const match = /^file:\/\/(?:localhost)?(\/.*)$/is.exec(url);
  if (match === null) {
    throw new SisError("SOURCE_SCHEME", `the catalog has a location with the scheme ${schemeOf(url)}`, {
      details: { scheme: schemeOf(url) },
    });
  }
  const asWritten = match[1] as string;
  if (asWritten.includes("\0"))
    throw new SisError("SOURCE_UNREADABLE", "the URL in the catalog contains a NUL");
  return [...new Set([...standardPath(url), asWritten])];
}

function standardPath(url: string): readonly string[] {
  try {
    return [fileURLToPath(url)];
  } catch {
    // an invalid escape or an encoded slash: only the path as written can be meant
    return [];
  }
}

function schemeOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*(?=:)/i.exec(url)?.[0] ?? "none";
}

/**
 * Refuses a path that is not below one of `roots` once all symbolic links are resolved; without
 * roots, nothing is refused. Does not reveal whether a file outside exists. Anyone who can write
 * below the roots is trusted not to swap links between this check and the read.
 * Errors: SOURCE_NOT_ALLOWED, SOURCE_MISSING, SOURCE_UNREADABLE.
 */
async function checkDataRoot(path: string, roots: readonly string[]): Promise<void> {
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
