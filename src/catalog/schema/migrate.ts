import { type Kysely, type RawBuilder, sql } from "kysely";
import { SisError } from "../../errors/sis-error.ts";
import { type DatabaseDialect, dialectOf } from "../engines/dialect.ts";
import { migrationsOf, newestSchema, schemaVersion } from "./schema.ts";
import type { CatalogTables, Migration } from "./tables.ts";

/** Starts a transaction that excludes other migrations. */
const ALONE: Readonly<Record<DatabaseDialect, readonly RawBuilder<unknown>[]>> = {
  sqlite: [sql`begin immediate`],
  postgresql: [sql`begin`, sql`select pg_advisory_xact_lock(hashtext('sis_schema'))`],
};

/** Refuses a schema created by newer code. Errors: CATALOG_SCHEMA. */
export function refuseNewerSchema(database: Kysely<CatalogTables>, version: number): void {
  const newest = newestSchema(database);
  if (version > newest) {
    throw new SisError(
      "CATALOG_SCHEMA",
      `the database has schema ${version}; this version of the service supports schemas up to ${newest}: install a newer version`,
    );
  }
}

/**
 * Migrations that the database lacks. Errors: CATALOG_SCHEMA for a schema that is newer than the
 * code.
 */
export async function pendingMigrations(database: Kysely<CatalogTables>): Promise<readonly Migration[]> {
  const version = await schemaVersion(database);
  refuseNewerSchema(database, version);
  return migrationsOf(dialectOf(database)).filter((migration) => migration.version > version);
}

/**
 * Applies the migrations that the database lacks and returns them. An existing table `image` is
 * adopted: none of its rows is rewritten. If two processes call this at once, one of them does the
 * work.
 * Errors: CATALOG_SCHEMA, CATALOG_UNAVAILABLE.
 */
export async function migrate(database: Kysely<CatalogTables>): Promise<readonly Migration[]> {
  if ((await pendingMigrations(database)).length === 0) return [];
  return await database.connection().execute(async (connection) => {
    for (const statement of ALONE[dialectOf(database)]) await statement.execute(connection);
    try {
      const pending = await pendingMigrations(connection);
      await sql`create table if not exists sis_schema (version integer primary key)`.execute(connection);
      for (const migration of pending) {
        for (const statement of migration.up) await sql.raw(statement).execute(connection);
        await connection.insertInto("sis_schema").values({ version: migration.version }).execute();
      }
      await sql`commit`.execute(connection);
      return pending;
    } catch (error) {
      // on a lost connection this fails too, and the first error is the one that matters
      await sql`rollback`.execute(connection).catch(() => undefined);
      throw error;
    }
  });
}
