import type { SkyRegion } from "@sbnsis/wcs/internal";
import { type RawBuilder, sql } from "kysely";
import { available, type CatalogDatabase } from "../engines/engine.ts";
import type { ReadValue } from "../model/rows.ts";
import { allOf } from "../search/search-conditions.ts";
import type { ObservationConditions } from "./observation-conditions.ts";

/** Shapes in one statement. */
const SHAPES = 50;

/** How many images are scanned in order for the first rows: in total, and per statement. */
const WALKED = 20_000;
const WALK = 2500;

/** A row as an array of values. */
export type Row = readonly ReadValue[];

/** Selects rows. Errors: CATALOG_UNAVAILABLE. */
export async function rowsOf(
  { engine, kysely, fetch }: CatalogDatabase,
  query: RawBuilder<unknown>,
): Promise<readonly Row[]> {
  const { sql: statement, parameters } = query.compile(kysely);
  return await available(engine, fetch(statement, parameters));
}

/**
 * An image that may match, in the order of observations: by start, those without one last, by id.
 */
export interface Match {
  readonly id: number;
  readonly start: number;
}

/** The image in a row of id and start. */
function matchOf([id, start]: Row): Match {
  return { id: Number(id), start: start === null ? Number.POSITIVE_INFINITY : Number(start) };
}

/** The order of observations: by start, those without one last, by id. */
function inOrder(a: Match, b: Match): number {
  // infinities differ by NaN
  return a.start === b.start ? a.id - b.id : a.start - b.start;
}

/** What candidates are searched by. */
export interface CandidateSearch {
  readonly database: CatalogDatabase;
  readonly conditions: ObservationConditions;
  readonly regions: readonly SkyRegion[];
  /** Whether identifiers are searched, so that images without details are found. */
  readonly hasIds: boolean;
  readonly hasFootprintYears: boolean;
}

/** The images that may match a search: those whose boxes meet the regions'. */
export class Candidates {
  readonly #search: CandidateSearch;

  constructor(search: CandidateSearch) {
    this.#search = search;
  }

  /** All candidates in order; undefined if there are more than `most`. */
  async list(most: number): Promise<readonly Match[] | undefined> {
    const matches = new Map<number, Match>();
    for (const query of this.#candidates(most + 1)) {
      for (const row of await rowsOf(this.#search.database, query)) {
        const match = matchOf(row);
        matches.set(match.id, match);
      }
      if (matches.size > most) return undefined;
    }
    return [...matches.values()].sort(inOrder);
  }

  /** Ids of the images whose boxes meet the regions'; undefined if there are more than `most`. */
  async idsInBoxes(most: number): Promise<Set<number> | undefined> {
    const ids = new Set<number>();
    for (const query of this.#inBoxes(most + 1)) {
      for (const [id] of await rowsOf(this.#search.database, query)) ids.add(Number(id));
      if (ids.size > most) return undefined;
    }
    return ids;
  }

  /**
   * The first images in order whose boxes meet the regions', at most `most`: those that a short
   * scan finds.
   */
  async firstInBoxes(most: number): Promise<readonly Match[]> {
    if (this.#search.regions.length > SHAPES) return [];
    const { engine } = this.#search.database;
    const boxes = this.#search.regions.map(({ box }) => sql`(${engine.footprintsMeeting(box)})`);
    // one partition for each row instead of all
    const sameStart = this.#search.hasFootprintYears
      ? sql`and image_footprint.start_mjd = walk.start_mjd`
      : sql``;
    const first: Match[] = [];
    let after: Match | undefined;
    for (let walked = 0; walked < WALKED && first.length < most; walked += WALK) {
      const later =
        after === undefined
          ? sql`start_mjd is not null`
          : sql`(start_mjd, image_id) > (${after.start}, ${after.id})`;
      const rows = await rowsOf(
        this.#search.database,
        // a subquery, because PostgreSQL would join with all footprints of the region
        sql`select image_id, start_mjd, (select image_footprint.id from image_footprint
              where image_footprint.id = walk.image_id ${sameStart} and (${sql.join(boxes, sql` or `)}))
            from (select image_id, start_mjd from image_detail
              where ${later} order by start_mjd, image_id limit ${WALK}) as walk
            order by start_mjd, image_id`,
      );
      for (const row of rows) if (row[2] !== null) first.push(matchOf(row));
      const last = rows.at(-1);
      if (last === undefined || rows.length < WALK) break;
      after = matchOf(last);
    }
    return first.slice(0, most);
  }

  /** Some images in order. */
  async inOrder(ids: Iterable<number>): Promise<readonly Match[]> {
    const { database } = this.#search;
    const rows = await rowsOf(
      database,
      sql`select image_id, start_mjd from image_detail
        where ${database.engine.isAmong(sql`image_id`, [...ids])}`,
    );
    return rows.map(matchOf).sort(inOrder);
  }

  /** Queries of the ids of images whose boxes meet the regions'. */
  *#inBoxes(most: number): Generator<RawBuilder<unknown>> {
    const { engine } = this.#search.database;
    for (let at = 0; at < this.#search.regions.length; at += SHAPES) {
      const parts = this.#search.regions
        .slice(at, at + SHAPES)
        .map(({ box }) => sql`select id from image_footprint where ${engine.footprintsMeeting(box)}`);
      yield sql`${sql.join(parts, sql` union `)} limit ${most}`;
    }
  }

  /** Queries of the id and start of candidates; together they select all of them. */
  *#candidates(most: number): Generator<RawBuilder<unknown>> {
    const { engine } = this.#search.database;
    const { image, detail, footprint } = this.#search.conditions;
    const join = engine.orderedJoin;
    const withImage = image.length === 0 ? sql`` : sql`${join} image on image.id = image_detail.image_id`;
    const limit = sql`limit ${most}`;
    if (this.#search.regions.length === 0) {
      const kind = this.#search.hasIds ? sql`left join` : sql`join`;
      const from =
        image.length === 0
          ? sql`image_detail`
          : sql`image ${kind} image_detail on image_detail.image_id = image.id`;
      const id = image.length === 0 ? sql`image_detail.image_id` : sql`image.id`;
      yield sql`select ${id}, image_detail.start_mjd from ${from} where ${allOf([...detail, ...image])} ${limit}`;
      return;
    }
    for (let at = 0; at < this.#search.regions.length; at += SHAPES) {
      const parts = this.#search.regions.slice(at, at + SHAPES).map(
        ({ box }) => sql`select image_detail.image_id, image_detail.start_mjd from image_footprint
          ${join} image_detail on image_detail.image_id = image_footprint.id ${withImage}
          where ${allOf([engine.footprintsMeeting(box), ...footprint, ...detail, ...image])}`,
      );
      yield sql`${sql.join(parts, sql` union `)} ${limit}`;
    }
  }
}
