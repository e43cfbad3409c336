import { type Kysely, type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { ImageFilter, ImagePage } from "../catalog.ts";
import { RECORD_COLUMNS, recordOfRow } from "../model/rows.ts";
import type { SchemaParts } from "../schema/schema.ts";
import type { CatalogTables } from "../schema/tables.ts";
import {
  type Combinations,
  DIMENSIONS,
  type DimensionFilter,
  type ReducedFilter,
  reduceFilter,
} from "./combinations.ts";
import { endAfter, idsAtOffset } from "./page-blocks.ts";

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

/**
 * Ids of the matching images, by the index of the condition that the fewest of them meet: wrapping
 * a column in an expression keeps its index from being used.
 */
function filtered(
  database: Kysely<CatalogTables>,
  { filter, narrowest }: ReducedFilter,
): SelectQueryBuilder<CatalogTables, "image", { id: number }> {
  let narrowed = database.selectFrom("image").select("image.id");
  for (const name of DIMENSIONS) {
    const value = filter[name];
    if (value === undefined) continue;
    narrowed =
      name === narrowest
        ? narrowed.where(`image.${name}`, "=", value)
        : narrowed.where(sql<SqlBool>`coalesce(${sql.ref(`image.${name}`)}, '') = ${value}`);
  }
  return narrowed;
}

/** The table that pages are taken from. */
export interface PagedTable extends Pick<SchemaParts, "hasBlocks"> {
  readonly database: Kysely<CatalogTables>;
  readonly combinations: Combinations;
}

interface PageOfIds {
  readonly total: number;
  /** Selects one id more than the page has; undefined for an empty page. */
  readonly ids: SelectQueryBuilder<CatalogTables, "image", { id: number }> | undefined;
}

/** The ids of a page, and the total number of matching rows. */
export async function pageOfIds(table: PagedTable, request: ImageFilter): Promise<PageOfIds> {
  const { database, combinations, hasBlocks } = table;
  const reduced = reduceFilter(await combinations.all(), dimensionsOf(request));
  const { total, filter } = reduced;
  const { maxrec, offset, after } = request;
  if (total === 0 || maxrec === 0 || offset >= total) return { total, ids: undefined };
  const page = filtered(database, reduced)
    .orderBy("image.id")
    .limit(maxrec + 1);
  if (after !== undefined) {
    // so that the end of a page is not searched for among all rows that do not match
    const end = hasBlocks ? await endAfter(database, reduced, { after, count: maxrec + 1 }) : undefined;
    const ids = page
      .where("image.id", ">", after)
      .$if(end !== undefined, (query) => query.where("image.id", "<", end!));
    return { total, ids };
  }
  // an index has the list of one value, or of none, in order; rows with two values may be far apart
  // in both lists
  const isListed = Object.keys(filter).length <= 1;
  if (!hasBlocks || (isListed && offset <= SHALLOW_OFFSET)) return { total, ids: page.offset(offset) };
  const count = Math.min(maxrec + 1, total - offset);
  const { first, end, before } = await idsAtOffset(database, reduced, { offset, count });
  const ids = page
    .where("image.id", ">=", first)
    .$if(end !== undefined, (query) => query.where("image.id", "<", end!))
    .offset(Math.max(0, offset - before));
  return { total, ids };
}

/** A page of records ordered by id. */
export async function pageImages(table: PagedTable, request: ImageFilter): Promise<ImagePage> {
  const { total, ids } = await pageOfIds(table, request);
  if (ids === undefined) return { total, records: [] };
  // ids first: they are in an index, so skipped rows are never read
  const rows = await table.database
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
