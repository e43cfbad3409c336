import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { ImageSearch } from "../catalog.ts";
import type { DatabaseDialect } from "../engines/dialect.ts";
import { DIMENSIONS, type DimensionFilter } from "../paging/combinations.ts";

type Condition = RawBuilder<SqlBool>;

/**
 * The conditions of a search on the columns of each table, apart from its place. A table without
 * conditions need not be read.
 */
export interface SearchConditions {
  readonly image: readonly Condition[];
  readonly detail: readonly Condition[];
}

/** The first text after all those that start with `prefix`, by code points. */
function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

function obsIdConditions(obsId: string, dialect: DatabaseDialect): readonly Condition[] {
  if (!obsId.endsWith("*")) return [sql`image.obs_id = ${obsId}`];
  const prefix = obsId.slice(0, -1);
  // by code points; PostgreSQL has an index for that, whatever the collation of the database
  const lid = dialect === "postgresql" ? sql`image.obs_id collate "C"` : sql`image.obs_id`;
  return [sql`${lid} >= ${prefix}`, sql`${lid} < ${endOfPrefix(prefix)}`];
}

/**
 * Images exposed at any moment of an interval; `longest`, in days, is at least as long as any
 * exposure, so that an index can find where to start.
 */
function timeConditions(time: NonNullable<ImageSearch["time"]>, longest: number): readonly Condition[] {
  const { start, stop } = time;
  const conditions: Condition[] = [];
  if (Number.isFinite(stop)) conditions.push(sql`image_detail.start_mjd <= ${stop}`);
  if (!Number.isFinite(start)) return [...conditions, sql`image_detail.stop_mjd is not null`];
  return [
    ...conditions,
    sql`image_detail.start_mjd >= ${start - longest}`,
    sql`image_detail.stop_mjd >= ${start}`,
  ];
}

/** The conditions of a search on the columns `dimensions`, which may be fewer than it has. */
export function searchConditions(
  search: ImageSearch,
  dimensions: DimensionFilter,
  longest: number,
  dialect: DatabaseDialect,
): SearchConditions {
  const image: Condition[] = [];
  const detail: Condition[] = [];
  const hasNarrower = search.target !== undefined || search.obsId !== undefined;
  for (const name of DIMENSIONS) {
    const value = dimensions[name];
    if (value === undefined) continue;
    const column = sql.ref(`image.${name}`);
    // an expression keeps an index from being used: that of the target or the id finds fewer rows
    // than that of a collection
    image.push(hasNarrower ? sql`coalesce(${column}, '') = ${value}` : sql`${column} = ${value}`);
  }
  if (search.target !== undefined) image.push(sql`image.target = ${search.target}`);
  if (search.obsId !== undefined) image.push(...obsIdConditions(search.obsId, dialect));
  if (search.filter !== undefined) detail.push(sql`image_detail.filter = ${search.filter}`);
  if (search.time !== undefined) detail.push(...timeConditions(search.time, longest));
  return { image, detail };
}

/** Conditions that must all hold; without any, always true. */
export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`1 = 1` : sql.join<SqlBool>(conditions, sql` and `);
}
