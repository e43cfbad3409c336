import type { VectorBox } from "@sbnsis/wcs/internal";
import { type Kysely, type RawBuilder, type SqlBool, sql } from "kysely";
import { dialectOf } from "../engines/dialect.ts";
import type { CatalogTables } from "./tables.ts";

/**
 * Rows whose box overlaps `box`, as a condition on `image_footprint`: in SQLite an R*Tree, whose
 * 32-bit floats are rounded outward; in PostgreSQL a GiST index of two of its 2-D boxes, x with y,
 * and z alone. Neither misses a footprint; the exact test follows.
 */
export function footprintsMeeting(database: Kysely<CatalogTables>, box: VectorBox): RawBuilder<SqlBool> {
  const [x0, y0, z0] = box.min;
  const [x1, y1, z1] = box.max;
  if (dialectOf(database) === "postgresql") {
    return sql<SqlBool>`image_footprint.xy && box(point(${x0}, ${y0}), point(${x1}, ${y1}))
      and image_footprint.z && box(point(${z0}, 0), point(${z1}, 0))`;
  }
  return sql<SqlBool>`x1 >= ${x0} and x0 <= ${x1} and y1 >= ${y0} and y0 <= ${y1} and z1 >= ${z0} and z0 <= ${z1}`;
}

/** A table that is scanned in the order of its ids, whatever its indexes offer. */
export function unindexed(
  database: Kysely<CatalogTables>,
  table: "image" | "image_detail",
): RawBuilder<unknown> {
  if (dialectOf(database) === "postgresql") return sql.table(table);
  return sql`${sql.table(table)} not indexed`;
}
