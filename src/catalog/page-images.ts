import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { ImageFilter, ImagePage } from "./catalog.ts";
import { type Combinations, DIMENSIONS, type DimensionFilter, reduceFilter } from "./combinations.ts";
import type { PageAnchors } from "./page-anchors.ts";
import { RECORD_COLUMNS, recordOfRow } from "./rows.ts";
import { dataVersion } from "./search-index.ts";
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

/** What pages are taken from. */
export interface PagedTable {
  readonly database: Kysely<CatalogTables>;
  readonly combinations: Combinations;
  readonly anchors: PageAnchors;
}

interface PageOfIds {
  readonly total: number;
  /** Gives one id more than the page has; undefined for an empty page. */
  readonly ids: SelectQueryBuilder<CatalogTables, "image", { id: number }> | undefined;
  /** To be told the ids that came: later pages are counted from them. */
  readonly came: (ids: readonly number[]) => void;
}

/** The ids of a page, and how many rows match in all. */
export async function pageOfIds(table: PagedTable, request: ImageFilter): Promise<PageOfIds> {
  const { database, combinations, anchors } = table;
  const { total, filter } = reduceFilter(await combinations.all(), dimensionsOf(request));
  const { maxrec, offset, after } = request;
  let came: PageOfIds["came"] = () => undefined;
  if (total === 0 || maxrec === 0 || offset >= total) return { total, ids: undefined, came };
  const page = filtered(database.selectFrom("image").select("image.id"), filter)
    .orderBy("image.id")
    .limit(maxrec + 1);
  if (after !== undefined) return { total, ids: page.where("image.id", ">", after), came };
  if (offset <= SHALLOW_OFFSET) return { total, ids: page.offset(offset), came };
  const before = await idBeforeOffset(database, filter, offset, total);
  if (before !== undefined) return { total, ids: page.where("image.id", ">", before), came };
  const list = JSON.stringify(DIMENSIONS.map((name) => filter[name] ?? null));
  const state = `${await dataVersion(database)} ${total}`;
  came = (ids) => {
    for (const at of [0, maxrec]) {
      const id = ids[at];
      if (id !== undefined) anchors.remember(list, state, { offset: offset + at, id });
    }
  };
  const anchor = anchors.nearest(list, state, offset);
  if (anchor === undefined) return { total, ids: page.offset(offset), came };
  return { total, ids: page.where("image.id", ">=", anchor.id).offset(offset - anchor.offset), came };
}

/** A page of records in the order of their ids. */
export async function pageImages(table: PagedTable, request: ImageFilter): Promise<ImagePage> {
  const { total, ids, came } = await pageOfIds(table, request);
  if (ids === undefined) return { total, records: [] };
  // ids alone first: an index holds them, so rows that are skipped are never read
  const rows = await table.database
    .selectFrom("image")
    .select(["image.id", ...RECORD_COLUMNS])
    .where("image.id", "in", sql<number>`(select id from (${ids}) as page)`)
    .orderBy("image.id")
    .execute();
  came(rows.map(({ id }) => Number(id)));
  const shown = rows.slice(0, request.maxrec);
  const records = shown.map(recordOfRow);
  const last = shown.at(-1);
  return rows.length > shown.length && last !== undefined
    ? { total, records, next: Number(last.id) }
    : { total, records };
}
