import { boxAround, distanceFromCentre, SkyCircle, type SkyPoint } from "@sbnsis/wcs/internal";
import { sql } from "kysely";
import type { ImageSearch, SearchCursor, SearchOrder } from "../catalog.ts";
import type { CatalogDatabase } from "../engines/engine.ts";
import { cornersOfText } from "../model/rows.ts";
import type { SchemaParts } from "../schema/tables.ts";
import { allOf, type SearchConditions } from "./search-conditions.ts";

interface Candidate {
  readonly id: number;
  /** Only in chronological order. */
  readonly start?: number | null;
  readonly corners: string | null;
}

/** Compares cursors: by key, with those without one last, then by id. */
function compareCursors(a: SearchCursor, b: SearchCursor): number {
  if (a.key !== b.key) {
    if (a.key === null) return 1;
    if (b.key === null) return -1;
    return a.key - b.key;
  }
  return a.id - b.id;
}

function keyOf(order: SearchOrder, start: number | null, distance: () => number): number | null {
  if (order === "time") return start;
  return order === "distance" ? distance() : null;
}

/** The tables that images are found in by place. */
interface PlacedTables extends Pick<SchemaParts, "hasFootprintCorners"> {
  readonly database: CatalogDatabase;
}

/** The images around a place, in order: selected with the index, then exactly on the sphere. */
export async function imagesAround(
  { database, hasFootprintCorners }: PlacedTables,
  search: ImageSearch,
  place: NonNullable<ImageSearch["place"]>,
  conditions: SearchConditions,
): Promise<readonly SearchCursor[]> {
  const point: SkyPoint = [place.ra, place.dec];
  const circle = new SkyCircle(point, place.radius);
  // the index of footprints comes first, whatever the planner estimates for the other conditions
  const { engine, kysely } = database;
  const join = engine.orderedJoin;
  const needsStart = search.order === "time";
  const needsDetail = !hasFootprintCorners || needsStart || conditions.detail.length > 0;
  const withDetail = needsDetail
    ? sql`${join} image_detail on image_detail.image_id = image_footprint.id`
    : sql``;
  const withImage =
    conditions.image.length === 0 ? sql`` : sql`${join} image on image.id = image_footprint.id`;
  const start = needsStart ? sql`, image_detail.start_mjd as start` : sql``;
  const corners = sql.ref(hasFootprintCorners ? "image_footprint.corners" : "image_detail.corners");
  const where = allOf([
    engine.footprintsMeeting(boxAround(point, place.radius)),
    ...conditions.footprint,
    ...conditions.detail,
    ...conditions.image,
  ]);
  const { rows } = await sql<Candidate>`select image_footprint.id as id, ${corners} as corners ${start}
      from image_footprint ${withDetail} ${withImage} where ${where}`.execute(kysely);
  const hits: SearchCursor[] = [];
  for (const row of rows) {
    const footprint = cornersOfText(row.corners);
    if (footprint === null || !circle.meets(footprint)) continue;
    hits.push({
      id: Number(row.id),
      key: keyOf(search.order, row.start ?? null, () => distanceFromCentre(footprint, point)),
    });
  }
  return hits.sort(compareCursors);
}

/** The part of an ordered list that a page shows, and where the next page starts. */
export function pageOfHits(
  hits: readonly SearchCursor[],
  { maxrec, offset, after }: Pick<ImageSearch, "maxrec" | "offset" | "after">,
): { readonly shown: readonly SearchCursor[]; readonly next: SearchCursor | undefined } {
  let from = 0;
  if (after !== undefined) {
    from = hits.findIndex((hit) => compareCursors(hit, after) > 0);
    if (from < 0) from = hits.length;
  }
  const shown = hits.slice(from + offset, from + offset + maxrec);
  const more = from + offset + shown.length < hits.length;
  return { shown, next: more ? shown.at(-1) : undefined };
}
