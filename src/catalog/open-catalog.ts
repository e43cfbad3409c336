import type { DatabaseSettings } from "../config/settings-groups.ts";
import { isSisError } from "../errors/sis-error.ts";
import type { Catalog, Coverage } from "./catalog.ts";
import { countBareImages, readCoverage } from "./coverage.ts";
import { available, type CatalogDatabase, type Engine, type Warn } from "./engines/engine.ts";
import { POSTGRESQL } from "./engines/postgres/postgres-engine.ts";
import { SQLITE } from "./engines/sqlite/sqlite-engine.ts";
import { LiveCatalog, type OpenedCatalog } from "./model/live-catalog.ts";
import { SqlCatalog } from "./model/sql-catalog.ts";
import { pendingMigrations, schemaParts } from "./schema/migrate.ts";
import type { Migration } from "./schema/tables.ts";
import { inspectTables, type TableReport } from "./schema/verify-tables.ts";
import { WritableCatalog } from "./writable-catalog.ts";

const ENGINES: Readonly<Record<DatabaseSettings["dialect"], Engine>> = {
  sqlite: SQLITE,
  postgresql: POSTGRESQL,
};

/** The engine of the configured database. */
export function engineOf({ dialect }: Pick<DatabaseSettings, "dialect">): Engine {
  return ENGINES[dialect];
}

/** The file of the database if it should be one and does not exist. */
export function missingDatabaseFile(settings: DatabaseSettings): string | undefined {
  return engineOf(settings).missingFile(settings);
}

/** Opens the database without writing anything, not even a journal. Errors: CATALOG_UNAVAILABLE. */
export function openForReading(settings: DatabaseSettings): CatalogDatabase {
  return engineOf(settings).open(settings, "serve");
}

/** A catalog that owns its database: it is closed with it, or when opening the catalog fails. */
async function openServed(settings: DatabaseSettings, warn?: Warn): Promise<OpenedCatalog> {
  const database = engineOf(settings).open(settings, "serve", warn);
  try {
    const catalog = await SqlCatalog.over(database);
    return {
      catalog,
      isCurrent: () => database.isCurrent(),
      isSound: () => database.isSound(),
      isOutdatedBy: (error) => database.engine.isOutdatedBy(error),
      close: () => catalog.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * The catalog for serving; the database is opened on demand. Nothing is ever written. `warn`
 * receives what an operator should know.
 */
export function liveCatalog(settings: DatabaseSettings, warn?: Warn): Catalog {
  return new LiveCatalog(() => openServed(settings, warn));
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
  const engine = engineOf(settings);
  const database = engine.open(settings, "inspect");
  return {
    pendingMigrations: async () => await available(engine, pendingMigrations(database)),
    verifyTables: async () => await available(engine, inspectTables(database)),
    incompleteImages: async () => await available(engine, incompleteImages(database)),
    close: async () => await database.close(),
  };
}

async function incompleteImages(database: CatalogDatabase): Promise<IncompleteImages | undefined> {
  const parts = await schemaParts(database);
  if (!parts.hasDetails) return undefined;
  const withoutDetails = await countBareImages(database);
  return { ...(await readCoverage(database, parts)), withoutDetails };
}

/**
 * Opens the catalog for harvesting and migrations; creates a SQLite file if there is none.
 * Errors: CATALOG_UNAVAILABLE.
 */
export async function openWritableCatalog(settings: DatabaseSettings): Promise<WritableCatalog> {
  return new WritableCatalog(engineOf(settings).open(settings, "write"));
}
