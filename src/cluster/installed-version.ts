import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SisError } from "../errors/sis-error.ts";
import { sourceDigest } from "./control/source-digest.ts";

/** Build information that `npm run build` writes into dist/. */
interface BuildRecord {
  /** The version of package.json when this code was compiled. */
  readonly version: string;
  /** Digest of the source that was compiled. */
  readonly source: string;
}

const BUILD_FILE = new URL("../build.json", import.meta.url);
const PACKAGE_FILE = new URL("../../package.json", import.meta.url);
const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");
const SOURCE_FOLDER = join(ROOT, "src");

/**
 * The version of the code on disk: of the build, not of package.json, which may be newer than the
 * compiled code. A running master may have an older version.
 * Errors: OPERATION_FAILED when neither file names a version.
 */
export function installedVersion(): string {
  return buildRecord()?.version ?? packageVersion();
}

/**
 * Distinguishes two builds of the same version: the beginning of the digest of their source.
 * Undefined when nothing was built.
 */
export function installedBuild(): string | undefined {
  return buildRecord()?.source.slice(0, 12);
}

/**
 * What is wrong with the build on disk, with the remedy: its source, if present, has changed since.
 * Undefined when nothing is wrong, and for code that runs without a build or without its source.
 */
export function staleBuild(): string | undefined {
  const record = buildRecord();
  if (record === undefined || !existsSync(SOURCE_FOLDER)) return undefined;
  if (sourceDigest(ROOT) === record.source) return undefined;
  const source = packageVersion();
  const versions = source === record.version ? "" : ` (version ${record.version}, source ${source})`;
  return `the build is older than its source${versions}: run npm run build, then sbnsis restart`;
}

function buildRecord(): BuildRecord | undefined {
  const found = readJson(BUILD_FILE);
  if (found === undefined) return undefined;
  const { version, source } = found;
  if (typeof version === "string" && typeof source === "string") return { version, source };
  throw new SisError("OPERATION_FAILED", "dist/build.json is damaged: run npm run build");
}

function packageVersion(): string {
  const version = readJson(PACKAGE_FILE)?.version;
  if (typeof version === "string") return version;
  throw new SisError("OPERATION_FAILED", "package.json of the installation has no version");
}

/**
 * The object in a JSON file; undefined when there is no such file. Errors: OPERATION_FAILED when it
 * cannot be read.
 */
function readJson(file: URL): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    const reason = (cause as Error).message;
    throw new SisError("OPERATION_FAILED", `${fileURLToPath(file)} cannot be read: ${reason}`, { cause });
  }
}
