import { sql } from "kysely";
import { SisError } from "../../errors/sis-error.ts";
import type { FoundImage, ImageSearch, SearchCursor, SearchPage } from "../catalog.ts";
import { dialectOf, isAmong } from "../engines/dialect.ts";
import { FOUND_COLUMNS, foundDetailOfRow, RECORD_COLUMNS, recordOfRow } from "../model/rows.ts";
import { reduceFilter } from "../paging/combinations.ts";
import { dimensionsOf, type PagedTable, pageOfIds } from "../paging/page-images.ts";
import type { SchemaParts } from "../schema/schema.ts";
import { imagesAround, pageOfHits } from "./search-around.ts";
import { longestExposure, pageOfMatches } from "./search-columns.ts";
import { searchConditions } from "./search-conditions.ts";

/** The tables to search. */
export interface SearchedTables extends PagedTable, SchemaParts {}

/** The images with these ids, in order; those deleted meanwhile are omitted. */
async function imagesOfIds(
  { database, hasDetails }: SearchedTables,
  ids: readonly number[],
): Promise<readonly FoundImage[]> {
  if (ids.length === 0) return [];
  const found = new Map<number, FoundImage>();
  const records = database.selectFrom("image").where(isAmong(database, sql`image.id`, ids));
  if (hasDetails) {
    const rows = await records
      .leftJoin("image_detail", "image_detail.image_id", "image.id")
      .select(["image.id", ...RECORD_COLUMNS, ...FOUND_COLUMNS])
      .execute();
    for (const row of rows)
      found.set(Number(row.id), { record: recordOfRow(row), detail: foundDetailOfRow(row) });
  } else {
    const rows = await records.select(["image.id", ...RECORD_COLUMNS]).execute();
    for (const row of rows) found.set(Number(row.id), { record: recordOfRow(row), detail: undefined });
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

async function pageOf(
  tables: SearchedTables,
  total: number,
  shown: readonly SearchCursor[],
  next: SearchCursor | undefined,
): Promise<SearchPage> {
  const images = await imagesOfIds(
    tables,
    shown.map(({ id }) => id),
  );
  return next === undefined ? { total, images } : { total, images, next };
}

/** Whether the search has only collection, facility, instrument and type, in the order of ids. */
function isPlain({ place, time, target, filter, obsId, order }: ImageSearch): boolean {
  return [place, time, target, filter, obsId].every((part) => part === undefined) && order === "id";
}

async function plainPage(tables: SearchedTables, search: ImageSearch): Promise<SearchPage> {
  const { after, ...rest } = search;
  const { total, ids } = await pageOfIds(tables, {
    ...rest,
    ...(after !== undefined && { after: after.id }),
  });
  const rows = ids === undefined ? [] : await ids.execute();
  const cursors = rows.map(({ id }) => ({ id: Number(id), key: null }));
  const shown = cursors.slice(0, search.maxrec);
  return await pageOf(tables, total, shown, rows.length > shown.length ? shown.at(-1) : undefined);
}

/**
 * Images by place, time and more.
 * Errors: CATALOG_SCHEMA for a place, a time or a filter if there are no details.
 */
export async function searchImages(tables: SearchedTables, search: ImageSearch): Promise<SearchPage> {
  const { place, time, filter } = search;
  if (!tables.hasDetails) {
    if (place !== undefined || time !== undefined || filter !== undefined) {
      throw new SisError("CATALOG_SCHEMA", "searches by place, time or filter need sbnsis migrate to be run");
    }
    // no image has a time: the order is that of ids
    if (search.order !== "id") return await searchImages(tables, { ...search, order: "id" });
  }
  if (isPlain(search)) return await plainPage(tables, search);
  const dimensions = dimensionsOf(search);
  const isOnlyPlace = Object.keys(dimensions).length === 0 && place !== undefined;
  // the combinations say nothing about a place: one query less
  const combinations = isOnlyPlace ? [] : await tables.combinations.all();
  const bound = reduceFilter(combinations, dimensions);
  if (bound.total === 0 && !isOnlyPlace) return { total: 0, images: [] };
  const longest = time === undefined ? 0 : await longestExposure(tables.database);
  const conditions = searchConditions(search, bound.filter, longest, dialectOf(tables.database));
  if (place !== undefined) {
    const hits = await imagesAround(tables, search, place, conditions);
    const { shown, next } = pageOfHits(hits, search);
    return await pageOf(tables, hits.length, shown, next);
  }
  const onlyDimensions = [time, search.target, filter, search.obsId].every((part) => part === undefined);
  const page = await pageOfMatches(tables.database, search, conditions, {
    size: reduceFilter(combinations, {}).total,
    known: onlyDimensions ? bound.total : undefined,
  });
  return await pageOf(tables, page.total, page.shown, page.next);
}
