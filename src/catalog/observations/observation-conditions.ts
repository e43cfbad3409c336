import type { Interval } from "@sbnsis/vo";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Engine } from "../engines/engine.ts";
import { startsWithin } from "../search/search-conditions.ts";
import type { ObservationQuery } from "./observation.ts";

type Condition = RawBuilder<SqlBool>;

const detail = (name: string) => sql.ref(`image_detail.${name}`);

function among(engine: Engine, column: RawBuilder<unknown>, values: readonly string[]): readonly Condition[] {
  return values.length === 0 ? [] : [engine.isAmong(column, values)];
}

/** A condition of which at least one alternative must hold; none without alternatives. */
function anyOf(alternatives: readonly (readonly Condition[])[]): readonly Condition[] {
  if (alternatives.length === 0) return [];
  const joined = alternatives.map((all) =>
    all.length === 0 ? sql`1 = 1` : sql`(${sql.join(all, sql` and `)})`,
  );
  return [sql`(${sql.join(joined, sql` or `)})`];
}

/** Whether an interval is a single infinity, in which no value is. */
function isEndless([low, high]: Interval): boolean {
  return low === Number.POSITIVE_INFINITY || high === Number.NEGATIVE_INFINITY;
}

function within(column: RawBuilder<unknown>, interval: Interval): readonly Condition[] {
  if (isEndless(interval)) return [sql<SqlBool>`1 = 0`];
  const [low, high] = interval;
  return [
    sql<SqlBool>`${column} is not null`,
    ...(Number.isFinite(low) ? [sql<SqlBool>`${column} >= ${low}`] : []),
    ...(Number.isFinite(high) ? [sql<SqlBool>`${column} <= ${high}`] : []),
  ];
}

/** Whether the interval between two columns overlaps another one. */
function overlapping(first: string, last: string, interval: Interval): readonly Condition[] {
  if (isEndless(interval)) return [sql<SqlBool>`1 = 0`];
  const [low, high] = interval;
  return [
    sql<SqlBool>`${detail(first)} is not null and ${detail(last)} is not null`,
    ...(Number.isFinite(high) ? [sql<SqlBool>`${detail(first)} <= ${high}`] : []),
    ...(Number.isFinite(low) ? [sql<SqlBool>`${detail(last)} >= ${low}`] : []),
  ];
}

/** Types of data products that are observations. */
const IMAGES: readonly string[] = ["image", "cube"];

/** Identifiers in their exact spelling and in lower case, without `::` and the version. */
function spellingsOf(ids: readonly string[]): readonly string[] {
  const bare = ids.map((id) => id.replace(/::.*$/s, ""));
  return [...new Set([...bare, ...bare.map((id) => id.toLowerCase())])];
}

/**
 * Whether an identifier names an image: case-insensitively, and with its version if one is given.
 */
export function isNamed(id: string, { lid, version }: { lid: string; version: string | null }): boolean {
  const wanted = id.toLowerCase();
  return wanted === lid.toLowerCase() || wanted === `${lid}::${version}`.toLowerCase();
}

/**
 * Images with one of these identifiers, case-insensitively. Identifiers in lower case, as PDS4
 * requires, are in the index of identifiers; a partial index has all others.
 */
export function hasIdentifier(engine: Engine, ids: readonly string[]): Condition {
  const spellings = spellingsOf(ids);
  const lower = spellings.map((id) => id.toLowerCase());
  return sql`(${engine.isAmong(sql`image.obs_id`, spellings)} or (image.obs_id <> lower(image.obs_id)
    and ${engine.isAmong(sql`lower(image.obs_id)`, lower)}))`;
}

/** The conditions of a search on each table, apart from place. */
export interface ObservationConditions {
  readonly image: readonly Condition[];
  readonly detail: readonly Condition[];
  /** On the index of footprints, in addition: those of `detail` say the same. */
  readonly footprint: readonly Condition[];
  /** Whether nothing can match: a column that is null in all rows is searched. */
  readonly isEmpty: boolean;
}

/**
 * The conditions of a search, apart from place.
 *
 * @param longest upper limit of exposures, days, so that an index finds where to start
 * @param hasOthers whether there are products other than images and cubes
 */
export function observationConditions(
  query: ObservationQuery,
  {
    engine,
    longest,
    hasOthers,
    hasFootprintYears,
  }: {
    readonly engine: Engine;
    readonly longest: number;
    readonly hasOthers: boolean;
    readonly hasFootprintYears: boolean;
  },
): ObservationConditions {
  const types = query.dptype.length === 0 ? IMAGES : IMAGES.filter((type) => query.dptype.includes(type));
  const times = query.time.map((interval): readonly Condition[] => [
    ...overlapping("start_mjd", "stop_mjd", interval),
    ...(Number.isFinite(interval[0])
      ? [sql<SqlBool>`${detail("start_mjd")} >= ${interval[0] - longest}`]
      : []),
  ]);
  const level = sql`(case when coalesce(image.calibration_level, 1) < 1 then 1
    else coalesce(image.calibration_level, 1) end)`;
  return {
    footprint: hasFootprintYears
      ? anyOf(query.time.map(([start, stop]) => startsWithin({ start, stop }, longest)))
      : [],
    isEmpty: types.length === 0 || [query.pol, query.spatres, query.specrp].some((list) => list.length > 0),
    image: [
      ...(query.id.length === 0 ? [] : [hasIdentifier(engine, query.id)]),
      ...among(engine, sql`image.target`, query.target),
      ...among(engine, sql`image.facility`, query.facility),
      ...among(engine, sql`image.instrument`, query.instrument),
      ...(hasOthers || types.length < IMAGES.length
        ? among(engine, sql`image.data_product_type`, types)
        : []),
      ...(query.calib.length === 0 ? [] : [engine.isAmong(level, query.calib)]),
    ],
    detail: [
      ...among(engine, detail("survey"), query.collection),
      ...anyOf(times),
      ...anyOf(query.band.map((interval) => overlapping("em_min", "em_max", interval))),
      ...anyOf(query.fov.map((interval) => within(detail("s_fov"), interval))),
      ...anyOf(query.exptime.map((interval) => within(detail("exposure"), interval))),
      ...anyOf(query.timeres.map((interval) => within(detail("exposure"), interval))),
    ],
  };
}
