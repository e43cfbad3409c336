import { type Stats, statSync } from "node:fs";
import type { KnownLabel, WritableCatalog } from "../../catalog/writable-catalog.ts";
import { type LocationRule, locationUrl, pathsOfUrl } from "../location-url.ts";
import { labelStamp } from "../read/label-file.ts";

/** A label that was harvested from this path and has not changed since. */
export interface UnchangedLabel {
  readonly path: string;
  readonly lid: string;
  readonly version: string;
  readonly fileFound: boolean;
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * The location of a row's data file: its own URL, or next to the label under the same name,
 * compressed by fpack or not; in that case the label must be read again.
 */
function stateOfFile(imageUrl: string | null, rule: LocationRule): "found" | "renamed" | "missing" {
  const isFile = (path: string) => statusOf(path)?.isFile() === true;
  const paths = imageUrl === null ? [] : pathsOfUrl(imageUrl, rule);
  if (paths.some(isFile)) return "found";
  const others = paths.map((path) => (path.endsWith(".fz") ? path.slice(0, -3) : `${path}.fz`));
  return others.some(isFile) ? "renamed" : "missing";
}

function urlOf(path: string, rule: LocationRule): string | undefined {
  try {
    return locationUrl(path, rule);
  } catch {
    return undefined;
  }
}

/**
 * Splits labels at absolute `paths` into those that are in the catalog and have not changed since
 * they were read, and all others; with `withCorners`, rows without corners count as others.
 */
export async function partUnchanged(
  catalog: WritableCatalog,
  paths: readonly string[],
  rule: LocationRule,
  withCorners: boolean,
): Promise<{ readonly unchanged: readonly UnchangedLabel[]; readonly others: readonly string[] }> {
  const urls = paths.map((path) => urlOf(path, rule));
  const rows = await catalog.knownLabels(
    urls.filter((url) => url !== undefined),
    withCorners,
  );
  const known = new Map<string | undefined, KnownLabel>(rows.map((row) => [row.labelUrl, row]));
  const unchanged: UnchangedLabel[] = [];
  const others: string[] = [];
  const now = Date.now();
  for (const [i, path] of paths.entries()) {
    const row = known.get(urls[i]);
    const status = row === undefined ? undefined : statusOf(path);
    const isSame = status !== undefined && labelStamp(status, now) === row?.stamp;
    const file = row === undefined || !isSame ? "renamed" : stateOfFile(row.imageUrl, rule);
    if (row === undefined || file === "renamed") others.push(path);
    else unchanged.push({ path, lid: row.obsId, version: row.versionId, fileFound: file === "found" });
  }
  return { unchanged, others };
}
