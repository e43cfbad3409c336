import { sql } from "kysely";
import type { DatabaseSettings } from "../config/settings-groups.ts";
import { readCoverage } from "./coverage.ts";
import type { CatalogDatabase } from "./engines/engine.ts";
import { openForReading } from "./open-catalog.ts";
import { pendingMigrations, schemaParts } from "./schema/migrate.ts";
import type { Migration } from "./schema/tables.ts";
import { inspectTables, type TableReport } from "./schema/verify-tables.ts";

/** The results of examining a catalog. */
export interface CatalogExamination extends TableReport {
  /** Migrations that `sbnsis migrate` would apply. */
  readonly pending: readonly Migration[];
  /** Number of rows of `image`, and how many of them searches by place cannot find. */
  readonly images: number;
  readonly withoutFootprint: number;
  /** Some images from all over the table. */
  readonly sample: readonly SampledImage[];
}

/** One image of a sample. */
export interface SampledImage {
  readonly obsId: string;
  readonly imageUrl: string | null;
}

/**
 * Examines the catalog without writing anything. The `sampled` images are evenly spaced by id.
 * Errors: CATALOG_UNAVAILABLE, CATALOG_SCHEMA for a schema that is newer than the code.
 */
export async function examineCatalog(
  settings: DatabaseSettings,
  sampled: number,
): Promise<CatalogExamination> {
  const database = openForReading(settings);
  try {
    const report = await inspectTables(database);
    const pending = await pendingMigrations(database);
    if (report.problems.length > 0) return { ...report, pending, images: 0, withoutFootprint: 0, sample: [] };
    const parts = await schemaParts(database);
    const { images, withoutFootprint } = await readCoverage(database, parts);
    const sample = await sampleImages(database, sampled);
    return { ...report, pending, images, withoutFootprint, sample };
  } finally {
    await database.close();
  }
}

async function sampleImages({ kysely }: CatalogDatabase, wanted: number): Promise<SampledImage[]> {
  const { rows } = await sql<{ least: number | null; most: number | null }>`
    select min(id) as least, max(id) as most from image`.execute(kysely);
  const { least = null, most = null } = rows[0] ?? {};
  if (least === null || most === null) return [];
  const found = new Map<string, SampledImage>();
  for (let i = 0; i < wanted; i++) {
    const from = Number(least) + Math.floor(((Number(most) - Number(least)) * i) / Math.max(1, wanted - 1));
    const row = await kysely
      .selectFrom("image")
      .select(["obs_id", "image_url"])
      .where("id", ">=", from)
      .orderBy("id")
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined) found.set(row.obs_id, { obsId: row.obs_id, imageUrl: row.image_url });
  }
  return [...found.values()];
}
