import { type Kysely, type RawBuilder, type SqlBool, sql } from "kysely";
import type { VectorBox } from "./footprint.ts";
import type { CatalogTables } from "./tables.ts";

/**
 * Rows whose box in the R*Tree meets `box`, as a condition on `image_footprint`.
 * The tree keeps 32-bit floats rounded outward, so it never loses a footprint; the exact test follows.
 */
export function footprintsMeeting(box: VectorBox): RawBuilder<SqlBool> {
  const [x0, y0, z0] = box.min;
  const [x1, y1, z1] = box.max;
  return sql<SqlBool>`x1 >= ${x0} and x0 <= ${x1} and y1 >= ${y0} and y0 <= ${y1} and z1 >= ${z0} and z0 <= ${z1}`;
}

/** A table that is read in the order of its ids, whatever its indexes offer. */
export function unindexed(table: "image" | "image_detail"): RawBuilder<unknown> {
  return sql`${sql.table(table)} not indexed`;
}

/** A number that differs after any change by another connection. */
export async function dataVersion(database: Kysely<CatalogTables>): Promise<number> {
  const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(database);
  return Number(rows[0]?.data_version ?? Number.NaN);
}
