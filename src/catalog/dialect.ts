import { type Kysely, PostgresAdapter, type RawBuilder, sql } from "kysely";
import type { CatalogTables } from "./tables.ts";

/** The engines of the catalogue. */
export type DatabaseDialect = "sqlite" | "postgresql";

/** The engine that a connection is of. */
export function dialectOf(database: Kysely<CatalogTables>): DatabaseDialect {
  return database.getExecutor().adapter instanceof PostgresAdapter ? "postgresql" : "sqlite";
}

/** A join that SQLite does in the order in which it is written; PostgreSQL chooses by what it knows of the tables. */
export function orderedJoin(database: Kysely<CatalogTables>): RawBuilder<unknown> {
  return dialectOf(database) === "sqlite" ? sql`cross join` : sql`join`;
}
