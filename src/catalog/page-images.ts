import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { ImageFilter, ImagePage } from "./catalog.ts";
import { type Combinations, DIMENSIONS, type DimensionFilter, reduceFilter } from "./combinations.ts";
import { RECORD_COLUMNS, recordOfRow } from "./rows.ts";
import type { CatalogTables } from "./tables.ts";

/** Offsets up to this are skipped row by row. */
const SHALLOW_OFFSET = 1000;

/** The conditions of a filter on columns. */
export function dimensionsOf(
  filter: Pick<ImageFilter, "collection" | "facility" | "instrument" | "dptype">,
): DimensionFilter {
  return {
    ...(filter.collection !== undefined && { collection: filter.collection }),
    ...(filter.facility !== undefined && { facility: filter.facility }),
    ...(filter.instrument !== undefined && { instrument: filter.instrument }),
    ...(filter.dptype !== undefined && { data_product_type: filter.dptype }),
  };
}

function filtered<O>(
  query: SelectQueryBuilder<CatalogTables, "image", O>,
  filter: DimensionFilter,
): SelectQueryBuilder<CatalogTables, "image", O> {
  let narrowed = query;
  for (const name of DIMENSIONS) {
    const value = filter[name];
    if (value !== undefined) narrowed = narrowed.where(`image.${name}`, "=", value);
  }
  return narrowed;
}

/**
 * Id of the row before the page where matching rows have consecutive ids, as those of one harvest do: two index probes
 * instead of `offset` steps.
 */
async function idBeforeOffset(
  database: Kysely<CatalogTables>,
  filter: DimensionFilter,
  offset: number,
  total: number,
): Promise<number | undefined> {
  if (Object.keys(filter).length > 1) return undefined;
  const first = await filtered(database.selectFrom("image").select("id"), filter)
    .orderBy("id", "asc")
    .limit(1)
    .executeTakeFirst();
  const last = await filtered(database.selectFrom("image").select("id"), filter)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (first === undefined || last === undefined) return undefined;
  const consecutive = Number(last.id) - Number(first.id) + 1 === total;
  return consecutive ? Number(first.id) + offset - 1 : undefined;
}

/** The ids of a page: how many rows match in all, and the query of one id more than the page has; undefined for an empty page. */
export async function pageOfIds(
  database: Kysely<CatalogTables>,
  combinations: Combinations,
  request: ImageFilter,
): Promise<{
  readonly total: number;
  readonly ids: SelectQueryBuilder<CatalogTables, "image", { id: number }> | undefined;
}> {
  const { total, filter } = reduceFilter(await combinations.all(), dimensionsOf(request));
  if (total === 0 || request.maxrec === 0 || request.offset >= total) return { total, ids: undefined };
  let ids = filtered(database.selectFrom("image").select("image.id"), filter);
  let { offset } = request;
  if (request.after !== undefined) ids = ids.where("image.id", ">", request.after);
  else if (offset > SHALLOW_OFFSET) {
    const before = await idBeforeOffset(database, filter, offset, total);
    if (before !== undefined) {
      ids = ids.where("image.id", ">", before);
      offset = 0;
    }
  }
  return {
    total,
    ids: ids
      .orderBy("image.id")
      .limit(request.maxrec + 1)
      .offset(offset),
  };
}

/** A page of records in the order of their ids. */
export async function pageImages(
  database: Kysely<CatalogTables>,
  combinations: Combinations,
  request: ImageFilter,
): Promise<ImagePage> {
  const { total, ids } = await pageOfIds(database, combinations, request);
  if (ids === undefined) return { total, records: [] };
  // ids alone first: an index holds them, so rows that are skipped are never read
  const rows = await database
    .selectFrom("image")
    .select(["image.id", ...RECORD_COLUMNS])
    .where("image.id", "in", sql<number>`(select id from (${ids}) as page)`)
    .orderBy("image.id")
    .execute();
  const shown = rows.slice(0, request.maxrec);
  const records = shown.map(recordOfRow);
  const last = shown.at(-1);
  return rows.length > shown.length && last !== undefined
    ? { total, records, next: Number(last.id) }
    : { total, records };
}
