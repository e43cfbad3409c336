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
