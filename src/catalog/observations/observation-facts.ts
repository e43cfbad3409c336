import { sql } from "kysely";
import { available, type CatalogDatabase } from "../engines/engine.ts";
import { longestExposure } from "../search/search-columns.ts";

/**
 * From the start of the first exposure to the end of the last one, Modified Julian Dates; undefined
 * if no image has a time. Read from the index of starts. Errors: CATALOG_UNAVAILABLE.
 */
export async function timeSpan(database: CatalogDatabase): Promise<readonly [number, number] | undefined> {
  const { engine, kysely } = database;
  const edges = sql<{ first: number | null; last: number | null }>`
    select (select min(start_mjd) from image_detail) as first, (select max(start_mjd) from image_detail) as last`;
  const [edge] = (await available(engine, edges.execute(kysely))).rows;
  const { first, last } = edge!;
  if (first === null || last === null) return undefined;
  const longest = await available(engine, longestExposure(database));
  const end = sql<{ stop: number | null }>`
    select max(stop_mjd) as stop from image_detail where start_mjd >= ${last - longest}`;
  const [late] = (await available(engine, end.execute(kysely))).rows;
  return [first, Math.max(last, late?.stop ?? last)];
}

/** The migration that added the index of levels. */
const SINCE = 9;
/** Levels of ObsCore (1.1, 3.3.2) that images of surveys have; without one they have 1. */
const LEVELS = [1, 2, 3, 4];

/**
 * The calibration levels of images, ascending: one index probe for each; all levels while the
 * database has no index yet. Errors: CATALOG_UNAVAILABLE.
 */
export async function calibrationLevels(
  { engine, kysely }: CatalogDatabase,
  version: number,
): Promise<readonly number[]> {
  if (version < SINCE) return LEVELS;
  const looks = sql.join(
    LEVELS.map((level) =>
      level === 1
        ? sql`select 1 as level where exists (select 1 from image where calibration_level < 2)
          or exists (select 1 from image where calibration_level is null)`
        : sql`select ${sql.lit(level)} as level
          where exists (select 1 from image where calibration_level = ${sql.lit(level)})`,
    ),
    sql` union all `,
  );
  const { rows } = await available(engine, sql<{ level: number }>`${looks} order by level`.execute(kysely));
  return rows.map(({ level }) => Number(level));
}
