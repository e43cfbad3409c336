import { setImmediate } from "node:timers/promises";
import { type SkyRegion, skyRegion } from "@sbnsis/wcs/internal";
import { type SqlBool, sql } from "kysely";
import { SisError } from "../../errors/sis-error.ts";
import { available, type CatalogDatabase } from "../engines/engine.ts";
import type { Combinations } from "../paging/combinations.ts";
import type { SchemaParts } from "../schema/tables.ts";
import { longestExposure } from "../search/search-columns.ts";
import { allOf } from "../search/search-conditions.ts";
import { Candidates, type Match, type Row, rowsOf } from "./candidates.ts";
import type { Observation, ObservationOptions, ObservationQuery } from "./observation.ts";
import {
  hasIdentifier,
  isNamed,
  type ObservationConditions,
  observationConditions,
} from "./observation-conditions.ts";
import { OBSERVATION_COLUMNS, readObservation } from "./observation-row.ts";

/** The tables in which observations are searched. */
export interface ObservationTables extends Pick<SchemaParts, "version" | "hasFootprintYears"> {
  readonly database: CatalogDatabase;
  readonly combinations: Combinations;
}

/** The migration that added the columns of observations. */
const SINCE = 6;

/** Rows of the first batch, which a client waits for, and of all others. */
const FIRST_BATCH = 50;
const BATCH = 200;

/**
 * Up to this many matches, and up to this share of all images, are listed and sorted; more are
 * found by walking through all images in order.
 */
const FEW = 20_000;
const SHARE = 25;
const MOST_LISTED = 200_000;

/** More candidates of a place than this are sorted only after the first rows. */
const QUICKLY_SORTED = 1000;
/** Right ascensions and declinations of four corners. */
type Outline = readonly [number, number, number, number, number, number, number, number];

const NAMES = OBSERVATION_COLUMNS.split(", ");
/** Position in a row. */
const START = NAMES.indexOf("image_detail.start_mjd");

/** Errors: CATALOG_SCHEMA. */
function refuseOldSchema({ version }: ObservationTables): void {
  if (version < SINCE)
    throw new SisError("CATALOG_SCHEMA", "searches of observations need sbnsis migrate to be run");
}

/** One search in progress. */
class Search {
  readonly #database: CatalogDatabase;
  readonly #conditions: ObservationConditions;
  readonly #regions: readonly SkyRegion[];
  readonly #query: ObservationQuery;
  readonly #candidates: Candidates;

  constructor(
    { database, hasFootprintYears }: ObservationTables,
    query: ObservationQuery,
    conditions: ObservationConditions,
  ) {
    this.#database = database;
    this.#query = query;
    this.#conditions = conditions;
    this.#regions = query.pos.map(skyRegion);
    this.#candidates = new Candidates({
      ...{ database, conditions, hasFootprintYears },
      regions: this.#regions,
      hasIds: query.id.length > 0,
    });
  }

  /**
   * The rows of all candidates in order, in batches: up to `most` are listed and sorted, more are
   * found by walking through all images.
   */
  async rows(most: number): Promise<AsyncIterable<readonly Row[]>> {
    const { image, detail } = this.#conditions;
    const isFiltered = image.length + detail.length > 0;
    if (this.#regions.length === 0 && !isFiltered) return this.#rowsInOrder();
    if (this.#regions.length > 0 && !isFiltered) return this.#rowsOfPlace(most);
    const matches = await this.#candidates.list(most);
    return matches === undefined ? this.#rowsInOrder() : this.#rowsOfList(matches);
  }

  /**
   * The rows of a search by place alone, in batches. The boxes give their ids, but not their
   * starts: if there are many, the first rows are found by walking through images in order, and
   * sent before all others are known.
   */
  async *#rowsOfPlace(most: number): AsyncGenerator<readonly Row[]> {
    const few = await this.#candidates.idsInBoxes(QUICKLY_SORTED);
    const first = few === undefined ? await this.#candidates.firstInBoxes(FIRST_BATCH) : [];
    if (first.length > 0) yield* this.#rowsOfList(first);
    const ids = few ?? (await this.#candidates.idsInBoxes(most));
    if (ids === undefined) {
      yield* this.#rowsInOrder(first.at(-1));
      return;
    }
    for (const { id } of first) ids.delete(id);
    const others = await this.#candidates.inOrder(ids);
    yield* this.#rowsOfList(others, first.length > 0 ? BATCH : FIRST_BATCH);
  }

  /** The rows of listed matches, in batches, the first with `size` rows. */
  async *#rowsOfList(matches: readonly Match[], size = FIRST_BATCH): AsyncGenerator<readonly Row[]> {
    const { engine } = this.#database;
    for (let at = 0; at < matches.length; ) {
      const ids = matches.slice(at, at + (at === 0 ? size : BATCH)).map(({ id }) => id);
      at += ids.length;
      const rows = await rowsOf(
        this.#database,
        sql`select ${sql.raw(OBSERVATION_COLUMNS)} from image
          left join image_detail on image_detail.image_id = image.id
          where ${engine.isAmong(sql`image.id`, ids)}`,
      );
      const found = new Map(rows.map((row) => [Number(row[0]), row]));
      // those deleted meanwhile are omitted
      yield ids.flatMap((id) => (found.has(id) ? [found.get(id)!] : []));
    }
  }

  /**
   * The rows of all images that meet the conditions other than place, or of those that follow
   * `from`, in order, in batches.
   */
  async *#rowsInOrder(from?: Match): AsyncGenerator<readonly Row[]> {
    const start = sql`image_detail.start_mjd`;
    const id = sql`image_detail.image_id`;
    let after: Match = from ?? { id: 0, start: Number.NEGATIVE_INFINITY };
    let size = from === undefined ? FIRST_BATCH : BATCH;
    for (let isTimed = true; ; ) {
      const later = isTimed
        ? Number.isFinite(after.start)
          ? sql<SqlBool>`(${start}, ${id}) > (${after.start}, ${after.id})`
          : sql<SqlBool>`${start} is not null`
        : sql<SqlBool>`${start} is null and ${id} > ${after.id}`;
      const { image, detail } = this.#conditions;
      const rows = await rowsOf(
        this.#database,
        sql`select ${sql.raw(OBSERVATION_COLUMNS)} from image_detail
          ${this.#database.engine.orderedJoin} image on image.id = image_detail.image_id
          where ${allOf([later, ...detail, ...image])}
          order by ${isTimed ? start : id}, ${id} limit ${size}`,
      );
      const last = rows.at(-1);
      if (last !== undefined) yield rows;
      if (last === undefined || rows.length < size) {
        if (!isTimed) return;
        isTimed = false;
        after = { id: 0, start: Number.POSITIVE_INFINITY };
      } else after = { id: Number(last[0]), start: Number(last[START] ?? Number.POSITIVE_INFINITY) };
      size = BATCH;
    }
  }

  /** Whether a row matches exactly: SQL has tested everything except place and version. */
  isMatch({ lid, version, s_region: outline }: Observation): boolean {
    if (this.#query.id.length > 0 && !this.#query.id.some((id) => isNamed(id, { lid, version })))
      return false;
    if (this.#regions.length === 0) return true;
    if (outline === null) return false;
    const [ra1, dec1, ra2, dec2, ra3, dec3, ra4, dec4] = outline as Outline;
    const corners = [
      [ra1, dec1],
      [ra2, dec2],
      [ra3, dec3],
      [ra4, dec4],
    ] as const;
    return this.#regions.some((region) => region.meets(corners));
  }
}

/**
 * The observations that match a query, ordered by start (those without one last), then by id; in
 * batches, as fast as they are consumed. Images of which only the Python service's columns are
 * known are found by identifier alone.
 * Errors: CATALOG_SCHEMA, CATALOG_UNAVAILABLE; the reason of the signal.
 */
export async function* searchObservations(
  tables: ObservationTables,
  query: ObservationQuery,
  { limit, signal }: ObservationOptions,
): AsyncGenerator<readonly Observation[]> {
  refuseOldSchema(tables);
  const { database, combinations } = tables;
  const all = await combinations.all();
  const conditions = observationConditions(query, {
    engine: database.engine,
    longest: query.time.length === 0 ? 0 : await available(database.engine, longestExposure(database)),
    hasFootprintYears: tables.hasFootprintYears,
    hasOthers: all.rows.some(({ data_product_type: type }) => type !== "image" && type !== "cube"),
  });
  if (conditions.isEmpty || limit <= 0) return;
  const search = new Search(tables, query, conditions);
  const most = Math.min(MOST_LISTED, Math.max(FEW, all.reduce({}).total / SHARE));
  let left = limit;
  for await (const rows of await search.rows(Math.floor(most))) {
    signal?.throwIfAborted();
    const batch: Observation[] = [];
    for (const row of rows) {
      const observation = readObservation(row);
      if (search.isMatch(observation)) batch.push(observation);
      if (batch.length === left) break;
    }
    left -= batch.length;
    if (batch.length > 0) yield batch;
    if (left === 0) return;
    // SQLite responds synchronously: other requests get their turn between batches
    await setImmediate();
  }
}

/**
 * The observations of identifiers, in order: LIDs, case-insensitively, optionally with `::` and the
 * version; undefined for unknown ones. Errors: CATALOG_SCHEMA, CATALOG_UNAVAILABLE.
 */
export async function findObservations(
  tables: ObservationTables,
  ids: readonly string[],
): Promise<readonly (Observation | undefined)[]> {
  refuseOldSchema(tables);
  if (ids.length === 0) return [];
  const { database } = tables;
  const rows = await rowsOf(
    database,
    sql`select ${sql.raw(OBSERVATION_COLUMNS)} from image
      left join image_detail on image_detail.image_id = image.id
      where ${hasIdentifier(database.engine, ids)}`,
  );
  const found = new Map<string, Observation>();
  for (const row of rows) {
    const observation = readObservation(row);
    const lid = observation.lid.toLowerCase();
    found.set(lid, observation);
    found.set(`${lid}::${observation.version}`.toLowerCase(), observation);
  }
  return ids.map((id) => found.get(id.toLowerCase()));
}
