import { Kysely, PostgresDialect, SqliteDialect, sql } from "kysely";
import type { Catalog } from "./catalog.ts";
import type { DatabaseSettings } from "./database-settings.ts";
import { PreparingPool } from "./postgres-pool.ts";
import { writeToPostgres } from "./postgres-writer.ts";
import { SqlCatalog } from "./sql-catalog.ts";
import { SqliteFile } from "./sqlite-database.ts";
import { writeToSqlite } from "./sqlite-writer.ts";
import type { CatalogTables } from "./tables.ts";
import { WritableCatalog } from "./writable-catalog.ts";

function kyselyOver(engine: SqliteFile | PreparingPool): Kysely<CatalogTables> {
  const dialect =
    engine instanceof SqliteFile
      ? new SqliteDialect({ database: engine })
      : new PostgresDialect({ pool: engine });
  return new Kysely<CatalogTables>({ dialect });
}

/**
 * Opens the catalogue for serving. Nothing is written, ever.
 * Errors: CATALOG_UNAVAILABLE, CATALOG_SCHEMA (no tables, or newer ones than this version knows).
 */
export async function openCatalog(settings: DatabaseSettings): Promise<Catalog> {
  const database = kyselyOver(
    settings.DB_DIALECT === "sqlite"
      ? SqliteFile.openReadOnly(settings.DB_DATABASE)
      : new PreparingPool(settings, true),
  );
  try {
    return await SqlCatalog.over(database);
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

/**
 * Opens the catalogue for harvesting and for changes of its schema; a SQLite file is made when there is none.
 * Errors: CATALOG_UNAVAILABLE.
 */
export async function openWritableCatalog(settings: DatabaseSettings): Promise<WritableCatalog> {
  if (settings.DB_DIALECT === "sqlite") {
    const file = SqliteFile.openWritable(settings.DB_DATABASE);
    return new WritableCatalog({
      database: kyselyOver(file),
      write: async (images, options) => writeToSqlite(file, images, options),
      settle: async () => {},
      close: () => file.close(),
    });
  }
  const pool = new PreparingPool(settings, false);
  const database = kyselyOver(pool);
  return new WritableCatalog({
    database,
    write: async (images, options) => await writeToPostgres(pool, images, options),
    settle: async () => {
      await sql`analyze image, image_detail, image_footprint`.execute(database);
    },
    close: () => {},
  });
}
