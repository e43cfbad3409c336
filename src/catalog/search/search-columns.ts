import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { ImageSearch, SearchCursor } from "../catalog.ts";
import type { CatalogDatabase } from "../engines/engine.ts";
import { allOf, type SearchConditions } from "./search-conditions.ts";

type Condition = RawBuilder<SqlBool>;

/** Up to this many rows are read to determine which of two tables has fewer matches. */
const ESTIMATE_LIMIT = 5000;

/**
 * If at least one row in this many matches, a page is found faster by walking all rows in order
 * than by sorting the matches.
 */
const DENSE = 100;

/** Upper limit of all exposures in days: those longer than a day have an index of their own. */
export async function longestExposure(database: CatalogDatabase): Promise<number> {
  const { rows } = await sql<{ days: number | null }>`select max(stop_mjd - start_mjd) as days
    from image_detail where stop_mjd - start_mjd > 1`.execute(database.kysely);
  return Math.max(1, Number(rows[0]?.days ?? 1));
}

/** Tables in the order in which they are read, and the column with the id. */
interface Reading {
  readonly first: "image" | "image_detail";
  readonly second: "image" | "image_detail" | undefined;
}

function idOf(table: Reading["first"]): RawBuilder<number> {
  return table === "image" ? sql<number>`image.id` : sql<number>`image_detail.image_id`;
}

function fromOf({ engine }: CatalogDatabase, { first, second }: Reading, walk: boolean): RawBuilder<unknown> {
  const outer = walk ? engine.unindexed(first) : sql.table(first);
  if (second === undefined) return outer;
  return sql`${outer} ${engine.orderedJoin} ${sql.table(second)} on ${idOf(second)} = ${idOf(first)}`;
}

async function countUpTo(
  database: CatalogDatabase,
  table: Reading["first"],
  where: Condition,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from
    (select 1 from ${sql.table(table)} where ${where} limit ${ESTIMATE_LIMIT}) as counted`.execute(
    database.kysely,
  );
  return Number(rows[0]?.n ?? 0);
}

/** Reads the table with fewer matching rows first. */
async function readingOf(database: CatalogDatabase, { image, detail }: SearchConditions): Promise<Reading> {
  if (detail.length === 0) return { first: "image", second: undefined };
  if (image.length === 0) return { first: "image_detail", second: undefined };
  const images = await countUpTo(database, "image", allOf(image));
  const details = images === 0 ? 0 : await countUpTo(database, "image_detail", allOf(detail));
  return images <= details
    ? { first: "image", second: "image_detail" }
    : { first: "image_detail", second: "image" };
}

/** A part of the ordered list of matches: which, starting where, how many. */
interface Slice {
  readonly limit: number;
  readonly offset: number;
  readonly after: SearchCursor | undefined;
}

async function idsInOrder(
  database: CatalogDatabase,
  reading: Reading,
  where: Condition,
  { limit, offset, after }: Slice,
  dense: boolean,
): Promise<readonly SearchCursor[]> {
  const id = idOf(reading.first);
  const later = after === undefined ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${id} > ${after.id}`;
  // no index has this sum: the matches are found by their conditions, then sorted
  const order = dense ? id : sql`${id} + 0`;
  const { rows } = await sql<{ id: number }>`select ${id} as id from ${fromOf(database, reading, dense)}
    where ${where} and ${later} order by ${order} limit ${limit} offset ${offset}`.execute(database.kysely);
  return rows.map((row) => ({ id: Number(row.id), key: null }));
}

async function timedInOrder(
  database: CatalogDatabase,
  reading: Reading,
  where: Condition,
  { limit, offset, after }: Slice,
  dense: boolean,
): Promise<readonly SearchCursor[]> {
  const id = sql`image_detail.image_id`;
  const start = sql`image_detail.start_mjd`;
  const later =
    after === undefined
      ? sql<SqlBool>`${start} is not null`
      : sql<SqlBool>`(${start}, ${id}) > (${after.key}, ${after.id})`;
  const order = dense ? start : sql`${start} + 0`;
  const { rows } = await sql<{ id: number; start: number }>`select ${id} as id, ${start} as start
    from ${fromOf(database, reading, false)} where ${where} and ${later}
    order by ${order}, ${id} limit ${limit} offset ${offset}`.execute(database.kysely);
  return rows.map((row) => ({ id: Number(row.id), key: Number(row.start) }));
}

/** Matches without a start time, including those without any details, ordered by id. */
async function untimed(
  database: CatalogDatabase,
  conditions: SearchConditions,
  { limit, offset, after }: Slice,
): Promise<readonly SearchCursor[]> {
  const where = allOf([
    ...conditions.image,
    ...conditions.detail,
    sql`image_detail.start_mjd is null`,
    ...(after === undefined ? [] : [sql<SqlBool>`image.id > ${after.id}`]),
  ]);
  const { rows } = await sql<{ id: number }>`select image.id as id
    from image left join image_detail on image_detail.image_id = image.id
    where ${where} order by image.id limit ${limit} offset ${offset}`.execute(database.kysely);
  return rows.map((row) => ({ id: Number(row.id), key: null }));
}

async function countOf(database: CatalogDatabase, reading: Reading, where: Condition): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${fromOf(database, reading, false)}
    where ${where}`.execute(database.kysely);
  return Number(rows[0]?.n ?? 0);
}

async function sliceByTime(
  database: CatalogDatabase,
  search: ImageSearch,
  conditions: SearchConditions,
  { slice, total, dense }: { readonly slice: Slice; readonly total: number; readonly dense: boolean },
): Promise<readonly SearchCursor[]> {
  const { after } = slice;
  if (after?.key === null) return await untimed(database, conditions, slice);
  const detailed: Reading = {
    first: "image_detail",
    second: conditions.image.length > 0 ? "image" : undefined,
  };
  const reading =
    dense || detailed.second === undefined ? detailed : await readingOf(database, withTime(conditions));
  const where = allOf([...conditions.detail, ...conditions.image]);
  const timed = await timedInOrder(database, reading, where, slice, dense);
  if (timed.length === slice.limit || search.time !== undefined) return timed;
  const timedTotal = await countOf(
    database,
    reading,
    allOf([...withTime(conditions).detail, ...conditions.image]),
  );
  if (timedTotal === total) return timed;
  const skipped = after === undefined ? Math.max(0, slice.offset - timedTotal) : 0;
  const rest = { limit: slice.limit - timed.length, offset: skipped, after: undefined };
  return [...timed, ...(await untimed(database, conditions, rest))];
}

function withTime(conditions: SearchConditions): SearchConditions {
  return { ...conditions, detail: [...conditions.detail, sql`image_detail.start_mjd is not null`] };
}

/** A page of the images that match conditions on columns; `size` is the total number of rows. */
export async function pageOfMatches(
  database: CatalogDatabase,
  search: ImageSearch,
  conditions: SearchConditions,
  { size, known }: { readonly size: number; readonly known: number | undefined },
): Promise<{
  readonly total: number;
  readonly shown: readonly SearchCursor[];
  readonly next: SearchCursor | undefined;
}> {
  const { maxrec, offset, after, order } = search;
  const reading = await readingOf(database, conditions);
  const where = allOf([...conditions.image, ...conditions.detail]);
  const total = known ?? (await countOf(database, reading, where));
  if (maxrec === 0 || offset >= total) return { total, shown: [], next: undefined };
  const slice = { limit: maxrec + 1, offset, after };
  const dense = total * DENSE >= size;
  const found =
    order === "time"
      ? await sliceByTime(database, search, conditions, { slice, total, dense })
      : await idsInOrder(database, reading, where, slice, dense);
  const shown = found.slice(0, maxrec);
  return { total, shown, next: found.length > shown.length ? shown.at(-1) : undefined };
}
