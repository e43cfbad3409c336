import { Kysely, SqliteDialect } from "kysely";
import { SisError } from "../errors/sis-error.ts";
import type { Catalog } from "./catalog.ts";
import type { DatabaseSettings } from "./database-settings.ts";
import { SqlCatalog } from "./sql-catalog.ts";
import { SqliteFile } from "./sqlite-database.ts";
import type { CatalogTables } from "./tables.ts";
import { WritableCatalog } from "./writable-catalog.ts";

function sqlitePath(settings: DatabaseSettings): string {
  if (settings.DB_DIALECT === "sqlite") return settings.DB_DATABASE;
  throw new SisError("CONFIG_INVALID", `DB_DIALECT is ${settings.DB_DIALECT}; allowed: sqlite`, {
    details: { variable: "DB_DIALECT", value: settings.DB_DIALECT, allowed: ["sqlite"] },
  });
}

/**
 * Opens the catalogue for serving. Nothing is written, ever.
 * Errors: CATALOG_UNAVAILABLE, CATALOG_SCHEMA (no tables, or newer ones than this version knows), CONFIG_INVALID.
 */
export async function openCatalog(settings: DatabaseSettings): Promise<Catalog> {
  const file = SqliteFile.openReadOnly(sqlitePath(settings));
  try {
    return await SqlCatalog.over(
      new Kysely<CatalogTables>({ dialect: new SqliteDialect({ database: file }) }),
    );
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Opens the catalogue for harvesting and for changes of its schema; a SQLite file is made when there is none.
 * Errors: CATALOG_UNAVAILABLE, CONFIG_INVALID.
 */
export async function openWritableCatalog(settings: DatabaseSettings): Promise<WritableCatalog> {
  return await WritableCatalog.over(SqliteFile.openWritable(sqlitePath(settings)));
}
