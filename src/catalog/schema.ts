import { type Kysely, type RawBuilder, sql } from "kysely";
import { type DatabaseDialect, dialectOf } from "./dialect.ts";
import type { Migration } from "./migration.ts";
import { POSTGRES_MIGRATIONS } from "./postgres-schema.ts";
import { SQLITE_MIGRATIONS } from "./sqlite-schema.ts";
import type { CatalogTables } from "./tables.ts";

/** The steps of the schema on an engine; both engines have the same versions. */
export function migrationsOf(dialect: DatabaseDialect): readonly Migration[] {
  return dialect === "sqlite" ? SQLITE_MIGRATIONS : POSTGRES_MIGRATIONS;
}

/** Version that this code writes and reads. */
export const SCHEMA_VERSION = SQLITE_MIGRATIONS.length;

const NAMES: Readonly<Record<DatabaseDialect, RawBuilder<{ name: string }>>> = {
  sqlite: sql`select name from sqlite_master`,
  postgresql: sql`select relname as name from pg_class where relnamespace = current_schema()::regnamespace
    union all select tgname from pg_trigger where tgrelid = to_regclass('image') and not tgisinternal`,
};

/** Names of the tables, views and triggers that are there. */
export async function relationNames(database: Kysely<CatalogTables>): Promise<ReadonlySet<string>> {
  const { rows } = await NAMES[dialectOf(database)].execute(database);
  return new Set(rows.map(({ name }) => name));
}

/** Version of the schema that is there; 0 for a bare table of the existing service, or for no table at all. */
export async function schemaVersion(database: Kysely<CatalogTables>): Promise<number> {
  if (!(await relationNames(database)).has("sis_schema")) return 0;
  const row = await database
    .selectFrom("sis_schema")
    .select(({ fn }) => fn.max("version").as("version"))
    .executeTakeFirst();
  return Number(row?.version ?? 0);
}
