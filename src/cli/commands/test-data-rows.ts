import { missingDatabaseFile } from "../../catalog/open-catalog.ts";
import type { WritableCatalog } from "../../catalog/writable-catalog.ts";
import type { Settings } from "../../config/settings-groups.ts";
import { type HarvestSummary, harvest, LABEL_EXTENSIONS } from "../../harvest/harvest.ts";
import { locationUrl } from "../../harvest/location-url.ts";
import { openTables } from "../open-tables.ts";

const RULE = { baseUrl: "file://", stripLeading: "" };

/** Adds the labels of test data to the catalog; rows of their LIDs from elsewhere are kept. */
export async function addTestRows(
  catalog: WritableCatalog,
  labels: readonly string[],
  onProgress: (done: number) => void,
): Promise<HarvestSummary> {
  let done = 0;
  const options = { ...RULE, paths: labels, recursive: false, extensions: LABEL_EXTENSIONS, jobs: 1 };
  return await harvest(catalog, { ...options, update: false }, () => {
    done += 1;
    onProgress(done);
  });
}

/**
 * Deletes the rows of test data by the locations of their labels, and returns how many there were.
 */
export async function deleteTestRows(catalog: WritableCatalog, labels: readonly string[]): Promise<number> {
  let deleted = 0;
  for (let at = 0; at < labels.length; at += 500) {
    const urls = labels.slice(at, at + 500).map((path) => locationUrl(path, RULE));
    deleted += await catalog.deleteImages(await catalog.imagesOfLabels(urls));
  }
  if (deleted > 0) await catalog.updateCoverage();
  return deleted;
}

/**
 * Opens the catalog to add test data to it; a SQLite file that was not named explicitly is created
 * with a notice.
 */
export async function openForTestRows(settings: Settings): Promise<WritableCatalog> {
  return await openTables(settings, { create: true, unnamed: "announced" });
}

/** Opens the catalog to delete test data from it; undefined when there is no database file. */
export async function openToDeleteRows(settings: Settings): Promise<WritableCatalog | undefined> {
  if (missingDatabaseFile(settings.database) !== undefined) return undefined;
  return await openTables(settings, { create: false });
}
