import { sql } from "kysely";
import { SisError } from "../../errors/sis-error.ts";
import { type CatalogDatabase, type Engine, onOneConnection } from "../engines/engine.ts";
import type { Migration, SchemaParts } from "./tables.ts";

/** The schema version that this code writes and reads. */
export function newestSchema({ migrations }: Engine): number {
  return migrations.at(-1)?.version ?? 0;
}

/** Names of the existing tables, views and triggers. */
export async function relationNames({ engine, kysely }: CatalogDatabase): Promise<ReadonlySet<string>> {
  const { rows } = await engine.relationNames.execute(kysely);
  return new Set(rows.map(({ name }) => name));
}

/**
 * The schema version of a database; 0 for a bare table of the Python service, or for no table at
 * all.
 */
export async function schemaVersion(database: CatalogDatabase): Promise<number> {
  if (!(await relationNames(database)).has("sis_schema")) return 0;
  const row = await database.kysely
    .selectFrom("sis_schema")
    .select(({ fn }) => fn.max("version").as("version"))
    .executeTakeFirst();
  return Number(row?.version ?? 0);
}

/** What the schema of a database has. */
export async function schemaParts(database: CatalogDatabase): Promise<SchemaParts> {
  return database.engine.partsOf(await schemaVersion(database), await relationNames(database));
}

/**
 * Refuses a schema created by newer code, unless that says that this version can use it too.
 * Errors: CATALOG_SCHEMA.
 */
export async function refuseNewerSchema(database: CatalogDatabase, version: number): Promise<void> {
  const newest = newestSchema(database.engine);
  if (!(await canUse(database, version))) {
    throw new SisError(
      "CATALOG_SCHEMA",
      `the database has schema ${version}; this version of the service supports schemas up to ${newest}: install a newer version`,
    );
  }
}

/** Whether this version of the service can use a database whose schema has this version. */
export async function canUse({ engine, kysely }: CatalogDatabase, version: number): Promise<boolean> {
  const newest = newestSchema(engine);
  if (version <= newest) return true;
  const steps = sql<{ readonly oldest?: number | null }>`select * from sis_schema where version > ${newest}`;
  const { rows } = await steps.execute(kysely);
  return rows.every(({ oldest }) => oldest !== undefined && oldest !== null && Number(oldest) <= newest);
}

/**
 * Migrations that the database lacks. Errors: CATALOG_SCHEMA for a schema that is newer than the
 * code.
 */
export async function pendingMigrations(database: CatalogDatabase): Promise<readonly Migration[]> {
  const version = await schemaVersion(database);
  await refuseNewerSchema(database, version);
  return database.engine.migrations.filter((migration) => migration.version > version);
}

/**
 * Applies the migrations that the database lacks and returns them. An existing table `image` is
 * adopted: none of its rows is rewritten. If two processes call this at once, one of them does the
 * work.
 * Errors: CATALOG_SCHEMA, CATALOG_UNAVAILABLE.
 */
export async function migrate(database: CatalogDatabase): Promise<readonly Migration[]> {
  if ((await pendingMigrations(database)).length === 0) return [];
  return await onOneConnection(database, async (connection) => {
    const { engine, kysely } = connection;
    for (const statement of engine.beginMigration) await statement.execute(kysely);
    try {
      const pending = await pendingMigrations(connection);
      await sql`create table if not exists sis_schema (version integer primary key)`.execute(kysely);
      for (const { version, oldest, up } of pending) {
        for (const statement of up) await sql.raw(statement).execute(kysely);
        if (oldest !== undefined) await addOldest(kysely);
        await kysely
          .insertInto("sis_schema")
          .values(oldest === undefined ? { version } : { version, oldest })
          .execute();
      }
      await sql`commit`.execute(kysely);
      return pending;
    } catch (error) {
      // on a lost connection this fails too, and the first error is the one that matters
      await sql`rollback`.execute(kysely).catch(() => undefined);
      throw error;
    }
  });
}

/** Adds the column `oldest` to `sis_schema` if it is missing. */
async function addOldest(kysely: CatalogDatabase["kysely"]): Promise<void> {
  const { rows } = await sql<object>`select * from sis_schema limit 1`.execute(kysely);
  if (rows.some((row) => "oldest" in row)) return;
  await sql`alter table sis_schema add column oldest integer`.execute(kysely);
}
