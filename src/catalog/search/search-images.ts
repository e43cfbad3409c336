import { sql } from "kysely";
import { SisError } from "../../errors/sis-error.ts";
import type {
  FoundDetail,
  FoundImage,
  ImageRecord,
  ImageSearch,
  SearchCursor,
  SearchPage,
} from "../catalog.ts";
import type { CatalogDatabase } from "../engines/engine.ts";
import { sinceOf } from "../model/image.ts";
import { detailReader, type ImageReader, recordReader } from "../model/rows.ts";
import { CombinationSet, type Combinations } from "../paging/combinations.ts";
import { dimensionsOf, type ImagePages } from "../paging/page-images.ts";
import type { SchemaParts } from "../schema/tables.ts";
import { imagesAround, pageOfHits } from "./search-around.ts";
import { longestExposure, pageOfMatches } from "./search-columns.ts";
import { exactMatches, searchConditions } from "./search-conditions.ts";

/** The tables to search. */
export interface SearchedTables extends SchemaParts {
  readonly database: CatalogDatabase;
  readonly combinations: Combinations;
  readonly pages: ImagePages;
}

const NONE = new CombinationSet([]);

/** The images with these ids, in order; those deleted meanwhile are omitted. */
async function imagesOfIds(
  { database, hasDetails, version }: SearchedTables,
  ids: readonly number[],
): Promise<readonly FoundImage[]> {
  if (ids.length === 0) return [];
  const { engine, kysely, fetch } = database;
  const records = recordReader();
  const details = hasDetails ? detailReader<FoundDetail>(version, "shown") : undefined;
  const names = ["image.id", ...records.names];
  if (details !== undefined) names.push("image_detail.image_id", ...details.names);
  const join = hasDetails ? sql`left join image_detail on image_detail.image_id = image.id` : sql``;
  const { sql: statement, parameters } = sql`select ${sql.raw(names.join(", "))} from image ${join}
    where ${engine.isAmong(sql`image.id`, ids)}`.compile(kysely);
  const found = new Map<number, FoundImage>();
  for (const row of await fetch(statement, parameters)) {
    found.set(Number(row[0]), foundImage(row, records, details));
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

/**
 * A row of id, record, id of the details, and details; the latter are null where there are none.
 */
function foundImage(
  row: Parameters<ImageReader<ImageRecord>["read"]>[0],
  records: ImageReader<ImageRecord>,
  details: ImageReader<FoundDetail> | undefined,
): FoundImage {
  const idOfDetail = 1 + records.names.length;
  const hasDetail = details !== undefined && row[idOfDetail] !== null;
  return { record: records.read(row, 1), detail: hasDetail ? details.read(row, idOfDetail + 1) : undefined };
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
function isPlain(search: ImageSearch): boolean {
  return search.place === undefined && hasOnlyDimensions(search) && search.order === "id";
}

/** Whether a search has no conditions on columns that are not counted. */
function hasOnlyDimensions(search: ImageSearch): boolean {
  return search.time === undefined && search.obsId === undefined && exactMatches(search).length === 0;
}

async function plainPage(tables: SearchedTables, search: ImageSearch): Promise<SearchPage> {
  const { after, ...rest } = search;
  const { total, ids } = await tables.pages.ids({
    ...rest,
    ...(after !== undefined && { after: after.id }),
  });
  const shown = ids.slice(0, search.maxrec).map((id) => ({ id, key: null }));
  return await pageOf(tables, total, shown, ids.length > shown.length ? shown.at(-1) : undefined);
}

/** Errors: CATALOG_SCHEMA for a condition on something that the database does not have yet. */
function refuseMissing(search: ImageSearch, { hasDetails, version }: SearchedTables): void {
  const { place, time, filter } = search;
  if (!hasDetails && (place !== undefined || time !== undefined || filter !== undefined)) {
    throw new SisError("CATALOG_SCHEMA", "searches by place, time or filter need sbnsis migrate to be run");
  }
  const missing = exactMatches(search).find(({ column }) => sinceOf(column) > Math.max(1, version));
  if (missing === undefined) return;
  const { parameter } = missing.column.search;
  throw new SisError("CATALOG_SCHEMA", `searches by ${parameter} need sbnsis migrate to be run`);
}

/**
 * Images by place, time and more.
 * Errors: CATALOG_SCHEMA for a place, a time or a filter if there are no details, and for a column
 * that the database does not have yet.
 */
export async function searchImages(tables: SearchedTables, search: ImageSearch): Promise<SearchPage> {
  const { database, combinations } = tables;
  const { place, time } = search;
  refuseMissing(search, tables);
  // no image has a time: the order is that of ids
  if (!tables.hasDetails && search.order !== "id")
    return await searchImages(tables, { ...search, order: "id" });
  if (isPlain(search)) return await plainPage(tables, search);
  const dimensions = dimensionsOf(search);
  const isOnlyPlace = Object.keys(dimensions).length === 0 && place !== undefined;
  // the combinations do not help with a place: one query fewer
  const existing = isOnlyPlace ? NONE : await combinations.all();
  const bound = existing.reduce(dimensions);
  if (bound.total === 0 && !isOnlyPlace) return { total: 0, images: [] };
  const longest = time === undefined ? 0 : await longestExposure(database);
  const conditions = searchConditions(search, bound.filter, longest, {
    engine: database.engine,
    hasFootprintYears: tables.hasFootprintYears,
  });
  if (place !== undefined) {
    const hits = await imagesAround(tables, search, place, conditions);
    const { shown, next } = pageOfHits(hits, search);
    return await pageOf(tables, hits.length, shown, next);
  }
  const page = await pageOfMatches(database, search, conditions, {
    size: existing.reduce({}).total,
    known: hasOnlyDimensions(search) ? bound.total : undefined,
  });
  return await pageOf(tables, page.total, page.shown, page.next);
}
