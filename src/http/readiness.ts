import { randomUUID } from "node:crypto";
import { access, constants, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Catalog, Coverage } from "../catalog/catalog.ts";
import { type PatientTimeout, patientTimeout } from "../concurrency/deadline.ts";
import type { Settings } from "../config/settings-groups.ts";
import { isSisError } from "../errors/sis-error.ts";
import { cacheDanger, cacheFolder } from "../products/cache-folder.ts";

/** What readiness needs from the settings. */
type ReadinessSettings = Pick<Settings, "cache" | "archive">;

/** What was found, in words that name no path. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<"database" | "cache" | "data_roots", string>> & {
    /** Set while there are images that searches by position cannot find. */
    readonly footprints?: string;
  };
  /** Whether the only problem is an unavailable database server, which may recover by itself. */
  readonly isDatabaseAway: boolean;
}

/** A disk that does not respond within this time counts as missing. */
const TIMEOUT_MS = 3_000;
/** A disk with less free space than a small product needs counts as full. */
const WRITTEN_BYTES = 65_536;
/** Results are cached for this long, so that frequent checks cost little. */
const KEPT_MS = 1_000;

/**
 * Checks that the database responds and that at least one data root exists, if any are set; and
 * whether the cache folder is writable, without which the service is slower but ready.
 */
export function readinessProbe(catalog: Catalog, settings: ReadinessSettings): () => Promise<Readiness> {
  let last: Promise<Readiness> | undefined;
  let expires = Number.NEGATIVE_INFINITY;
  return () => {
    if (last === undefined || performance.now() >= expires) {
      expires = performance.now() + KEPT_MS;
      last = check(catalog, settings);
    }
    return last;
  };
}

async function check(catalog: Catalog, settings: ReadinessSettings): Promise<Readiness> {
  let coverage: Coverage | undefined;
  const [database, cache, roots] = await Promise.all([
    failureOf(
      (async () => {
        await catalog.probe();
        coverage = await catalog.coverage();
      })(),
    ),
    cacheState(settings.cache.folder),
    Promise.all(settings.archive.dataRoots.map((root) => works(reach(root)))),
  ]);
  const reached = roots.filter((root) => root).length;
  const areRootsReached = roots.length === 0 || reached > 0;
  const without = (coverage as Coverage | undefined)?.withoutFootprint ?? 0;
  const checks = {
    database: database === undefined ? "ok" : databaseState(database),
    cache,
    data_roots: roots.length === 0 ? "not set" : `${reached} of ${roots.length} reachable`,
    ...(without > 0 && { footprints: `${without} images have none, so searches by position miss them` }),
  };
  // products that cannot be cached are served anyway
  return {
    ready: database === undefined && areRootsReached,
    checks,
    isDatabaseAway: areRootsReached && isSisError(database) && database.details.away === true,
  };
}

/** What is wrong with the database, for clients: a reason that names no path. */
function databaseState(error: unknown): string {
  if (!isSisError(error)) return "unreachable: no response in time";
  if (isSisError(error, "CATALOG_SCHEMA")) return "the tables do not match this version";
  const { reason } = error.details;
  return typeof reason === "string" ? `unreachable: ${reason}` : "unreachable";
}

async function cacheState(directory: string): Promise<string> {
  let danger: string | undefined;
  const written = await works(
    (async () => {
      danger = cacheDanger(directory);
      if (danger === undefined) await writeAndRemove(cacheFolder(directory));
    })(),
  );
  if (danger !== undefined) return `not used: ${danger}`;
  return written ? "ok" : "not writable";
}

async function writeAndRemove(folder: string): Promise<void> {
  const path = join(folder, `.ready-${process.pid}-${randomUUID()}.part`);
  try {
    await writeFile(path, new Uint8Array(WRITTEN_BYTES));
  } finally {
    await unlink(path).catch(() => undefined);
  }
}

async function reach(root: string): Promise<void> {
  if (!(await stat(root)).isDirectory()) throw new Error("not a folder");
  await access(root, constants.R_OK | constants.X_OK);
}

async function works(attempt: Promise<unknown>): Promise<boolean> {
  return (await failureOf(attempt)) === undefined;
}

/** Why an attempt failed; undefined when it succeeded in time. */
async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  let late: PatientTimeout | undefined;
  const timeout = new Promise<Error>((resolve) => {
    late = patientTimeout(TIMEOUT_MS, () => resolve(new Error("no response in time")));
  });
  const done = attempt.then(
    () => undefined,
    (error: unknown) => error ?? new Error("it failed"),
  );
  const result = await Promise.race([done, timeout]);
  late?.clear();
  return result;
}
