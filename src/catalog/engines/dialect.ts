import { type Kysely, PostgresAdapter, type RawBuilder, type SqlBool, sql } from "kysely";
import type { CatalogTables } from "../schema/tables.ts";

/** The database engines that the catalog supports. */
export type DatabaseDialect = "sqlite" | "postgresql";

/** The engine of a connection. */
export function dialectOf(database: Kysely<CatalogTables>): DatabaseDialect {
  return database.getExecutor().adapter instanceof PostgresAdapter ? "postgresql" : "sqlite";
}

/**
 * A join that SQLite performs in the written order; PostgreSQL chooses the order from its
 * statistics.
 */
export function orderedJoin(database: Kysely<CatalogTables>): RawBuilder<unknown> {
  return dialectOf(database) === "sqlite" ? sql`cross join` : sql`join`;
}

/**
 * Whether a column has one of several values, passed as one parameter whatever their number, so
 * that few statements are prepared.
 */
export function isAmong(
  database: Kysely<CatalogTables>,
  column: RawBuilder<unknown>,
  values: readonly number[] | readonly string[],
): RawBuilder<SqlBool> {
  if (dialectOf(database) === "sqlite")
    return sql<SqlBool>`${column} in (select value from json_each(${JSON.stringify(values)}))`;
  const type = sql.raw(typeof values[0] === "number" ? "integer[]" : "varchar[]");
  return sql<SqlBool>`${column} = any(${values}::${type})`;
}
