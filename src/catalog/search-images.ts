import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { FoundImage, ImageSearch, SearchPage } from "./catalog.ts";
import { DIMENSIONS } from "./combinations.ts";
import { boxAround, distanceFromCentre, footprintMeets, type SkyPoint } from "./footprint.ts";
import { dimensionsOf } from "./page-images.ts";
import { cornersOfText, DETAIL_COLUMNS, detailOfRow, RECORD_COLUMNS, recordOfRow } from "./rows.ts";
import { footprintsMeeting } from "./search-index.ts";
import type { CatalogTables } from "./tables.ts";

/** Ids in one statement, below every engine's limit of parameters. */
const IDS_PER_STATEMENT = 500;

interface Hit {
  readonly id: number;
  readonly start: number | null;
  readonly corners: string | null;
}

type HitQuery<O> = SelectQueryBuilder<CatalogTables, "image" | "image_detail", O>;

/** First text after all those that begin with `prefix`, by code points. */
function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

function conditions<O>(query: HitQuery<O>, search: ImageSearch): HitQuery<O> {
  const { time, target, filter, obsId } = search;
  const values = dimensionsOf(search);
  let narrowed = query;
  for (const name of DIMENSIONS) {
    const value = values[name];
    if (value !== undefined) narrowed = narrowed.where(`image.${name}`, "=", value);
  }
  if (target !== undefined) narrowed = narrowed.where("image.target", "=", target);
  if (filter !== undefined) narrowed = narrowed.where("image_detail.filter", "=", filter);
  if (obsId?.endsWith("*")) {
    const prefix = obsId.slice(0, -1);
    narrowed = narrowed.where("image.obs_id", ">=", prefix).where("image.obs_id", "<", endOfPrefix(prefix));
  } else if (obsId !== undefined) narrowed = narrowed.where("image.obs_id", "=", obsId);
  if (time !== undefined) {
    if (Number.isFinite(time.stop)) narrowed = narrowed.where("image_detail.start_mjd", "<=", time.stop);
    narrowed = Number.isFinite(time.start)
      ? narrowed.where("image_detail.stop_mjd", ">=", time.start)
      : narrowed.where("image_detail.stop_mjd", "is not", null);
  }
  return narrowed;
}

const MJD_LIMIT = 1e7;
function bounded(time: ImageSearch["time"]): { readonly start: number; readonly stop: number } {
  return {
    start: Math.max(-MJD_LIMIT, time?.start ?? -MJD_LIMIT),
    stop: Math.min(MJD_LIMIT, time?.stop ?? MJD_LIMIT),
  };
}

async function imagesOfIds(
  database: Kysely<CatalogTables>,
  ids: readonly number[],
): Promise<readonly FoundImage[]> {
  const found = new Map<number, FoundImage>();
  for (let at = 0; at < ids.length; at += IDS_PER_STATEMENT) {
    const rows = await database
      .selectFrom("image")
      .leftJoin("image_detail", "image_detail.image_id", "image.id")
      .select(["image.id", ...RECORD_COLUMNS, ...DETAIL_COLUMNS])
      .where("image.id", "in", ids.slice(at, at + IDS_PER_STATEMENT))
      .execute();
    for (const row of rows) found.set(Number(row.id), { record: recordOfRow(row), detail: detailOfRow(row) });
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** Ids of the images around a place: by the index, then exactly, then in order. */
async function idsAround(
  database: Kysely<CatalogTables>,
  search: ImageSearch,
  place: NonNullable<ImageSearch["place"]>,
): Promise<readonly number[]> {
  const point: SkyPoint = [place.ra, place.dec];
  const index = footprintsMeeting(boxAround(point, place.radius), bounded(search.time));
  const query = database
    .selectFrom("image")
    .innerJoin("image_detail", "image_detail.image_id", "image.id")
    .select(["image.id", "image_detail.start_mjd as start", "image_detail.corners"])
    .where(index);
  const candidates: readonly Hit[] = await conditions(query, search).execute();
  const hits = candidates.flatMap((hit) => {
    const corners = cornersOfText(hit.corners);
    if (corners === null || !footprintMeets(corners, point, place.radius)) return [];
    const distance = search.order === "distance" ? distanceFromCentre(corners, point) : 0;
    return [{ id: Number(hit.id), start: hit.start ?? Number.POSITIVE_INFINITY, distance }];
  });
  if (search.order === "distance") hits.sort((a, b) => a.distance - b.distance || a.id - b.id);
  else if (search.order === "time")
    hits.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.id - b.id));
  else hits.sort((a, b) => a.id - b.id);
  return hits.map(({ id }) => id);
}

/** Images by place, time and more. */
export async function searchImages(
  database: Kysely<CatalogTables>,
  search: ImageSearch,
): Promise<SearchPage> {
  if (search.place !== undefined) {
    const ids = await idsAround(database, search, search.place);
    const page = ids.slice(search.offset, search.offset + search.maxrec);
    return { total: ids.length, images: await imagesOfIds(database, page) };
  }
  const from = database.selectFrom("image").leftJoin("image_detail", "image_detail.image_id", "image.id");
  const counted = await conditions(
    from.select(({ fn }) => fn.countAll<number>().as("total")) as HitQuery<{ total: number }>,
    search,
  ).executeTakeFirst();
  const total = Number(counted?.total ?? 0);
  if (search.maxrec === 0 || search.offset >= total) return { total, images: [] };
  let page = conditions(from.select("image.id") as HitQuery<{ id: number }>, search);
  if (search.order === "time")
    page = page.orderBy(sql`image_detail.start_mjd is null, image_detail.start_mjd`);
  const rows = await page.orderBy("image.id").limit(search.maxrec).offset(search.offset).execute();
  return {
    total,
    images: await imagesOfIds(
      database,
      rows.map(({ id }) => Number(id)),
    ),
  };
}
