import { type Kysely, sql } from "kysely";
import { openForReading } from "./open-catalog.ts";
import type { DatabaseSettings } from "./schema/database-settings.ts";
import { pendingMigrations } from "./schema/migrate.ts";
import { partsOf, schemaVersion } from "./schema/schema.ts";
import type { CatalogTables, Migration } from "./schema/tables.ts";
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
    const images = await count(database, sql`select count(*) as n from image`);
    const { hasDetails } = partsOf(await schemaVersion(database));
    const placed = hasDetails ? await count(database, sql`select count(*) as n from image_footprint`) : 0;
    const sample = await sampleImages(database, sampled);
    return { ...report, pending, images, withoutFootprint: Math.max(0, images - placed), sample };
  } finally {
    await database.destroy();
  }
}

async function count(database: Kysely<CatalogTables>, query: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await (query as ReturnType<typeof sql<{ n: number | string }>>).execute(database);
  return Number(rows[0]?.n ?? 0);
}

async function sampleImages(database: Kysely<CatalogTables>, wanted: number): Promise<SampledImage[]> {
  const { rows } = await sql<{ least: number | null; most: number | null }>`
    select min(id) as least, max(id) as most from image`.execute(database);
  const { least = null, most = null } = rows[0] ?? {};
  if (least === null || most === null) return [];
  const found = new Map<string, SampledImage>();
  for (let i = 0; i < wanted; i++) {
    const from = Number(least) + Math.floor(((Number(most) - Number(least)) * i) / Math.max(1, wanted - 1));
    const row = await database
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
