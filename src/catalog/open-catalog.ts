import { Kysely, PostgresDialect, SqliteDialect, sql } from "kysely";
import { isSisError } from "../errors/sis-error.ts";
import type { Catalog } from "./catalog.ts";
import { type Coverage, countBareImages, readCoverage } from "./coverage.ts";
import { PreparingPool } from "./engines/postgres/postgres-pool.ts";
import { writeToPostgres } from "./engines/postgres/postgres-writer.ts";
import { isDamaged, SqliteFile } from "./engines/sqlite/sqlite-database.ts";
import { writeToSqlite } from "./engines/sqlite/sqlite-writer.ts";
import { available, isOtherSchema } from "./model/database-errors.ts";
import { LiveCatalog, type OpenedCatalog } from "./model/live-catalog.ts";
import { SqlCatalog } from "./model/sql-catalog.ts";
import type { DatabaseSettings } from "./schema/database-settings.ts";
import { pendingMigrations } from "./schema/migrate.ts";
import { partsOf, schemaVersion } from "./schema/schema.ts";
import type { CatalogTables, Migration } from "./schema/tables.ts";
import { inspectTables, type TableReport } from "./schema/verify-tables.ts";
import { WritableCatalog } from "./writable-catalog.ts";

function kyselyOver(engine: SqliteFile | PreparingPool): Kysely<CatalogTables> {
  const dialect =
    engine instanceof SqliteFile
      ? new SqliteDialect({ database: engine })
      : new PostgresDialect({ pool: engine });
  return new Kysely<CatalogTables>({ dialect });
}

/**
 * Opens the database such that nothing is written, not even a journal. Errors: CATALOG_UNAVAILABLE.
 */
export function openForReading(settings: DatabaseSettings): Kysely<CatalogTables> {
  return kyselyOver(
    settings.DB_DIALECT === "sqlite"
      ? SqliteFile.openReadOnly(settings.DB_DATABASE)
      : new PreparingPool(settings, "serve"),
  );
}

/** A catalog that owns its engine: the engine is closed with it, or when opening it fails. */
async function catalogOver(engine: SqliteFile | PreparingPool): Promise<SqlCatalog> {
  const database = kyselyOver(engine);
  try {
    return await SqlCatalog.over(database);
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

async function openSqlite(path: string): Promise<OpenedCatalog> {
  const file = SqliteFile.openReadOnly(path);
  const catalog = await catalogOver(file);
  return {
    catalog,
    isCurrent: () => file.isCurrent,
    isSound: () => !file.isUnchanging || file.isCurrent,
    isOutdatedBy: isDamaged,
    close: () => catalog.close(),
  };
}

async function openPostgres(settings: DatabaseSettings): Promise<OpenedCatalog> {
  const catalog = await catalogOver(new PreparingPool(settings, "serve"));
  return {
    catalog,
    isCurrent: () => true,
    isSound: () => true,
    isOutdatedBy: isOtherSchema,
    close: () => catalog.close(),
  };
}

/** The catalog for serving; the database is opened on demand. Nothing is ever written. */
export function liveCatalog(settings: DatabaseSettings): Catalog {
  return new LiveCatalog(() =>
    settings.DB_DIALECT === "sqlite" ? openSqlite(settings.DB_DATABASE) : openPostgres(settings),
  );
}

/**
 * Opens the catalog for serving. Nothing is ever written.
 * Errors: CATALOG_UNAVAILABLE, CATALOG_SCHEMA (no tables, or newer ones than this version knows).
 */
export async function openCatalog(settings: DatabaseSettings): Promise<Catalog> {
  const catalog = liveCatalog(settings);
  await catalog.open();
  return catalog;
}

/**
 * Whether a catalog could not be opened because its database server is down, and may come back by
 * itself.
 */
export function isDatabaseAway(error: unknown): boolean {
  return isSisError(error, "CATALOG_UNAVAILABLE") && error.details.away === true;
}

/** Examines the tables of a catalog without changing them. */
export interface CatalogInspection {
  /** Migrations that the database lacks. Errors: CATALOG_SCHEMA. */
  pendingMigrations(): Promise<readonly Migration[]>;
  /** Compares the tables with what this version needs. */
  verifyTables(): Promise<TableReport>;
  /**
   * Images for which only the Python service's columns are known, and images without a footprint;
   * undefined if the schema has neither.
   */
  incompleteImages(): Promise<IncompleteImages | undefined>;
  close(): Promise<void>;
}

/** Images that searches by place or time cannot find. */
export interface IncompleteImages extends Coverage {
  /** Images for which only the Python service's own columns are known. */
  readonly withoutDetails: number;
}

/** Opens the tables for examination. Nothing is ever written. Errors: CATALOG_UNAVAILABLE. */
export function openInspection(settings: DatabaseSettings): CatalogInspection {
  const database = kyselyOver(
    settings.DB_DIALECT === "sqlite"
      ? SqliteFile.openReadOnly(settings.DB_DATABASE)
      : new PreparingPool(settings, "inspect"),
  );
  return {
    pendingMigrations: async () => await available(pendingMigrations(database)),
    verifyTables: async () => await available(inspectTables(database)),
    incompleteImages: async () => await available(incompleteImages(database)),
    close: async () => await database.destroy(),
  };
}

async function incompleteImages(database: Kysely<CatalogTables>): Promise<IncompleteImages | undefined> {
  const parts = partsOf(await schemaVersion(database));
  if (!parts.hasDetails) return undefined;
  const withoutDetails = await countBareImages(database);
  return { ...(await readCoverage(database, parts)), withoutDetails };
}

/**
 * Opens the catalog for harvesting and migrations; creates a SQLite file if there is none.
 * Errors: CATALOG_UNAVAILABLE.
 */
export async function openWritableCatalog(settings: DatabaseSettings): Promise<WritableCatalog> {
  if (settings.DB_DIALECT === "sqlite") {
    const file = SqliteFile.openWritable(settings.DB_DATABASE);
    return new WritableCatalog({
      database: kyselyOver(file),
      write: async (images, options) => writeToSqlite(file, images, options),
      updateStatistics: async () => {},
      close: () => file.close(),
    });
  }
  const pool = new PreparingPool(settings, "write");
  const database = kyselyOver(pool);
  return new WritableCatalog({
    database,
    write: async (images, options) => await writeToPostgres(pool, images, options),
    updateStatistics: async () => {
      await sql`analyze image, image_detail, image_footprint`.execute(database);
    },
    close: () => {},
  });
}
