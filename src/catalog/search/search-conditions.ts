import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { ImageSearch } from "../catalog.ts";
import type { Engine } from "../engines/engine.ts";
import { DIMENSIONS, searchedColumns } from "../model/image.ts";
import type { DimensionFilter } from "../paging/combinations.ts";
import type { SchemaParts } from "../schema/tables.ts";

type Condition = RawBuilder<SqlBool>;

/**
 * The conditions of a search on the columns of each table, apart from its place. A table without
 * conditions need not be read.
 */
export interface SearchConditions {
  readonly image: readonly Condition[];
  readonly detail: readonly Condition[];
  /** On the index of footprints, in addition: those of `detail` say the same. */
  readonly footprint: readonly Condition[];
}

/** The first text after all those that start with `prefix`, by code points. */
function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

function obsIdConditions(obsId: string, { lidByCodePoints: lid }: Engine): readonly Condition[] {
  if (!obsId.endsWith("*")) return [sql`image.obs_id = ${obsId}`];
  const prefix = obsId.slice(0, -1);
  return [sql`${lid} >= ${prefix}`, sql`${lid} < ${endOfPrefix(prefix)}`];
}

/**
 * Images exposed at any moment of an interval; `longest`, in days, is at least as long as any
 * exposure, so that an index can find where to start.
 */
function timeConditions(time: NonNullable<ImageSearch["time"]>, longest: number): readonly Condition[] {
  const { start, stop } = time;
  const conditions: Condition[] = [];
  if (Number.isFinite(stop)) conditions.push(sql`image_detail.start_mjd <= ${stop}`);
  if (!Number.isFinite(start)) return [...conditions, sql`image_detail.stop_mjd is not null`];
  return [
    ...conditions,
    sql`image_detail.start_mjd >= ${start - longest}`,
    sql`image_detail.stop_mjd >= ${start}`,
  ];
}

const EXACT = searchedColumns("exact");

/** A value that a column must have. */
interface ExactMatch {
  readonly column: (typeof EXACT)[number];
  readonly value: string;
}

/** The exact matches of a search, other than those of counted columns. */
export function exactMatches(search: ImageSearch): readonly ExactMatch[] {
  const given: Partial<Readonly<Record<string, unknown>>> = { ...search };
  return EXACT.flatMap((column) => {
    const value = given[column.search.parameter];
    return typeof value === "string" ? [{ column, value }] : [];
  });
}

/** The conditions of a search on the columns `dimensions`, which may be fewer than it has. */
export function searchConditions(
  search: ImageSearch,
  dimensions: DimensionFilter,
  longest: number,
  { engine, hasFootprintYears }: SearchedTables,
): SearchConditions {
  const conditions = { image: [] as Condition[], image_detail: [] as Condition[] };
  const matches = exactMatches(search);
  const hasNarrower = search.obsId !== undefined || matches.some(({ column }) => column.table === "image");
  for (const name of DIMENSIONS) {
    const value = dimensions[name];
    if (value === undefined) continue;
    const column = sql.ref(`image.${name}`);
    // an expression keeps an index from being used: that of the target or the id finds fewer rows
    // than that of a collection
    conditions.image.push(hasNarrower ? sql`coalesce(${column}, '') = ${value}` : sql`${column} = ${value}`);
  }
  for (const { column, value } of matches) {
    conditions[column.table].push(sql`${sql.ref(`${column.table}.${column.name}`)} = ${value}`);
  }
  if (search.obsId !== undefined) conditions.image.push(...obsIdConditions(search.obsId, engine));
  if (search.time !== undefined) conditions.image_detail.push(...timeConditions(search.time, longest));
  const footprint = hasFootprintYears && search.time !== undefined ? startsWithin(search.time, longest) : [];
  return { image: conditions.image, detail: conditions.image_detail, footprint };
}

/** What conditions are written for. */
interface SearchedTables extends Pick<SchemaParts, "hasFootprintYears"> {
  readonly engine: Engine;
}

/**
 * Footprints of images that may be exposed at any moment of an interval (MJD), so that only the
 * partitions of its years are read; `longest`, in days, is at least as long as any exposure.
 */
export function startsWithin(
  { start, stop }: { readonly start: number; readonly stop: number },
  longest: number,
): readonly Condition[] {
  return [
    ...(Number.isFinite(stop) ? [sql<SqlBool>`image_footprint.start_mjd <= ${stop}`] : []),
    ...(Number.isFinite(start) ? [sql<SqlBool>`image_footprint.start_mjd >= ${start - longest}`] : []),
  ];
}

/** Conditions that must all hold; without any, always true. */
export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`1 = 1` : sql.join<SqlBool>(conditions, sql` and `);
}
