import { type Kysely, type RawBuilder, sql } from "kysely";
import { type DatabaseDialect, dialectOf } from "../engines/dialect.ts";
import { POSTGRES_MIGRATIONS } from "../engines/postgres/postgres-schema.ts";
import { SQLITE_MIGRATIONS } from "../engines/sqlite/sqlite-schema.ts";
import type { CatalogTables, Migration } from "./tables.ts";

/** What exists since which version of the schema; 0 is a bare table of the Python service. */
export interface SchemaParts {
  /** `image_detail`, and the index of footprints. */
  readonly hasDetails: boolean;
  /** `image_count`, maintained by triggers. */
  readonly hasCounts: boolean;
  /** Counts by blocks of ids. */
  readonly hasBlocks: boolean;
  /** Whether `image_footprint` has the corners too. */
  readonly hasFootprintCorners: boolean;
}

/**
 * The parts of a version; steps 1 to 4 are the same on both engines, step 5 is for PostgreSQL only.
 */
export function partsOf(version: number): SchemaParts {
  return {
    hasDetails: version >= 2,
    hasCounts: version >= 3,
    hasBlocks: version >= 4,
    hasFootprintCorners: version >= 5,
  };
}

/** The migrations of an engine. */
export function migrationsOf(dialect: DatabaseDialect): readonly Migration[] {
  return dialect === "sqlite" ? SQLITE_MIGRATIONS : POSTGRES_MIGRATIONS;
}

/** The schema version that this code writes and reads. */
export function newestSchema(database: Kysely<CatalogTables>): number {
  return migrationsOf(dialectOf(database)).length;
}

const NAMES: Readonly<Record<DatabaseDialect, RawBuilder<{ name: string }>>> = {
  sqlite: sql`select name from sqlite_master`,
  postgresql: sql`select relname as name from pg_class where relnamespace = current_schema()::regnamespace
    union all select tgname from pg_trigger where tgrelid = to_regclass('image') and not tgisinternal`,
};

/** Names of the existing tables, views and triggers. */
export async function relationNames(database: Kysely<CatalogTables>): Promise<ReadonlySet<string>> {
  const { rows } = await NAMES[dialectOf(database)].execute(database);
  return new Set(rows.map(({ name }) => name));
}

/**
 * The schema version of a database; 0 for a bare table of the Python service, or for no table at
 * all.
 */
export async function schemaVersion(database: Kysely<CatalogTables>): Promise<number> {
  if (!(await relationNames(database)).has("sis_schema")) return 0;
  const row = await database
    .selectFrom("sis_schema")
    .select(({ fn }) => fn.max("version").as("version"))
    .executeTakeFirst();
  return Number(row?.version ?? 0);
}
