import { type Kysely, sql } from "kysely";
import type { ImageSearch, SearchCursor, SearchOrder } from "./catalog.ts";
import { orderedJoin } from "./dialect.ts";
import { boxAround, distanceFromCentre, footprintMeets, type SkyPoint } from "./footprint.ts";
import { cornersOfText } from "./rows.ts";
import { allOf, type SearchConditions } from "./search-conditions.ts";
import { footprintsMeeting } from "./search-index.ts";
import type { CatalogTables } from "./tables.ts";

interface Candidate {
  readonly id: number;
  readonly start: number | null;
  readonly corners: string | null;
}

/** Order of cursors: by key, those without one last, then by id. */
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

/** The images around a place, in order: by the index, then exactly on the sphere. */
export async function imagesAround(
  database: Kysely<CatalogTables>,
  search: ImageSearch,
  place: NonNullable<ImageSearch["place"]>,
  conditions: SearchConditions,
): Promise<readonly SearchCursor[]> {
  const point: SkyPoint = [place.ra, place.dec];
  // the index of footprints comes first, whatever the planner believes of the other conditions
  const join = orderedJoin(database);
  const withImage =
    conditions.image.length === 0 ? sql`` : sql`${join} image on image.id = image_footprint.id`;
  const where = allOf([
    footprintsMeeting(database, boxAround(point, place.radius)),
    ...conditions.detail,
    ...conditions.image,
  ]);
  const { rows } =
    await sql<Candidate>`select image_footprint.id as id, image_detail.start_mjd as start, image_detail.corners as corners
      from image_footprint ${join} image_detail on image_detail.image_id = image_footprint.id ${withImage}
      where ${where}`.execute(database);
  const hits: SearchCursor[] = [];
  for (const { id, start, corners: text } of rows) {
    const corners = cornersOfText(text);
    if (corners === null || !footprintMeets(corners, point, place.radius)) continue;
    hits.push({
      id: Number(id),
      key: keyOf(search.order, start, () => distanceFromCentre(corners, point)),
    });
  }
  return hits.sort(compareCursors);
}

/** The part of an ordered list that a page shows, and where the next page begins. */
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
