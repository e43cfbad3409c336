import { type Stats, statSync } from "node:fs";
import type { KnownLabel, WritableCatalog } from "../catalog/writable-catalog.ts";
import { labelStamp } from "./label-stamp.ts";
import { type LocationRule, locationUrl } from "./location-url.ts";

/** A label that was harvested from this path and did not change since. */
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

/** Whether the data file of a row lies beside its label, packed by fpack or not. */
function isDataFileFound(imageUrl: string | null, label: string): boolean {
  if (imageUrl === null) return false;
  const name = decodeURIComponent(imageUrl.slice(imageUrl.lastIndexOf("/") + 1));
  const path = `${label.slice(0, label.lastIndexOf("/"))}/${name}`;
  const other = path.endsWith(".fz") ? path.slice(0, -3) : `${path}.fz`;
  return statusOf(path)?.isFile() === true || statusOf(other)?.isFile() === true;
}

function urlOf(path: string, rule: LocationRule): string | undefined {
  try {
    return locationUrl(path, rule);
  } catch {
    return undefined;
  }
}

/** Parts labels at absolute `paths` into those that are in the catalogue and did not change since they were read, and all others; `withCorners` counts rows without corners to the others. */
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
    if (row === undefined || status === undefined || labelStamp(status, now) !== row.stamp) others.push(path);
    else
      unchanged.push({
        path,
        lid: row.obsId,
        version: row.versionId,
        fileFound: isDataFileFound(row.imageUrl, path),
      });
  }
  return { unchanged, others };
}
