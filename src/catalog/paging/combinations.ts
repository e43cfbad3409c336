import { type Kysely, type RawBuilder, sql } from "kysely";
import { type DatabaseDialect, dialectOf } from "../engines/dialect.ts";
import type { CatalogTables } from "../schema/tables.ts";

/** The columns that `/query` filters by and `/summary` groups by. */
export const DIMENSIONS = ["collection", "facility", "instrument", "data_product_type"] as const;
type Dimension = (typeof DIMENSIONS)[number];

/** Values of some of the dimensions. */
export type DimensionFilter = Partial<Readonly<Record<Dimension, string>>>;

/** The number of images with one combination of values. */
export type Combination = Readonly<Record<Dimension, string>> & { readonly count: number };

/** How long counts of a table without triggers are cached, in milliseconds. */
const KEEP_MS = 60_000;

/** A value that differs after any change by another connection. */
const VERSIONS: Readonly<Record<DatabaseDialect, RawBuilder<{ version: unknown }>>> = {
  sqlite: sql`select data_version as version from pragma_data_version`,
  // which transactions have ended, in the whole server: it changes more often than necessary, but
  // never too rarely; another server at the same address may have the same value by chance, but did
  // not start in the same microsecond
  postgresql: sql`select pg_current_snapshot()::text || ' ' || pg_postmaster_start_time()::text as version`,
};

interface Kept {
  readonly version: string;
  readonly at: number;
  readonly rows: Promise<readonly Combination[]>;
}

/**
 * The existing combinations: from the maintained counts, read again when the database has changed,
 * or by grouping a bare table, the result of which is cached for a while. As long as they are
 * unchanged, they are the same array.
 */
export class Combinations {
  readonly #database: Kysely<CatalogTables>;
  readonly #maintained: boolean;
  #kept: Kept | undefined;

  constructor(database: Kysely<CatalogTables>, maintained: boolean) {
    this.#database = database;
    this.#maintained = maintained;
  }

  /** All combinations with at least one image, sorted. */
  async all(): Promise<readonly Combination[]> {
    // read before the counts: changes in between are noticed the next time
    const version = this.#maintained ? await this.#version() : "";
    const now = performance.now();
    const kept = this.#kept;
    if (kept?.version === version && (this.#maintained || now - kept.at <= KEEP_MS)) return await kept.rows;
    const rows = this.#maintained ? this.#readCounts() : this.#group();
    this.#kept = { version, at: now, rows };
    rows.catch(() => {
      if (this.#kept?.rows === rows) this.#kept = undefined;
    });
    return await rows;
  }

  async #version(): Promise<string> {
    const { rows } = await VERSIONS[dialectOf(this.#database)].execute(this.#database);
    return String(rows[0]?.version ?? Number.NaN);
  }

  async #readCounts(): Promise<readonly Combination[]> {
    const rows = await this.#database
      .selectFrom("image_count")
      .select([...DIMENSIONS, "count"])
      .where("count", ">", 0)
      .execute();
    return sorted(rows.map((row) => ({ ...row, count: Number(row.count) })));
  }

  async #group(): Promise<readonly Combination[]> {
    const rows = await this.#database
      .selectFrom("image")
      .select([...DIMENSIONS])
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .groupBy([...DIMENSIONS])
      .execute();
    return sorted(rows.map((row) => ({ ...row, count: Number(row.count) })));
  }
}

/** By code units, on which both engines agree whatever the collation of the database. */
function sorted(rows: readonly Combination[]): readonly Combination[] {
  const first = (a: Combination, b: Combination) => DIMENSIONS.find((name) => a[name] !== b[name]);
  return rows.toSorted((a, b) => {
    const name = first(a, b);
    return name === undefined ? 0 : a[name] < b[name] ? -1 : 1;
  });
}

function matches(row: Combination, filter: DimensionFilter, without?: Dimension): boolean {
  return DIMENSIONS.every(
    (name) => name === without || filter[name] === undefined || filter[name] === row[name],
  );
}

/**
 * A filter without the conditions that follow from the others, and the combinations that match it.
 */
export interface ReducedFilter {
  readonly total: number;
  readonly filter: DimensionFilter;
  /** Of the remaining conditions, the one that the fewest images meet. */
  readonly narrowest: Dimension | undefined;
  readonly matching: readonly Combination[];
}

/** Number of filters cached for one state of the combinations. */
const MOST_FILTERS = 512;

/** Cached reduced filters, valid while the combinations are unchanged. */
const known = new WeakMap<readonly Combination[], Map<string, ReducedFilter>>();

/** The matching combinations, and the filter without the conditions that follow from the others. */
export function reduceFilter(combinations: readonly Combination[], filter: DimensionFilter): ReducedFilter {
  let filters = known.get(combinations);
  if (filters === undefined || filters.size >= MOST_FILTERS) {
    filters = new Map();
    known.set(combinations, filters);
  }
  const key = JSON.stringify(DIMENSIONS.map((name) => filter[name] ?? null));
  const found = filters.get(key) ?? reduce(combinations, filter);
  filters.set(key, found);
  return found;
}

function reduce(combinations: readonly Combination[], filter: DimensionFilter): ReducedFilter {
  const matching = combinations.filter((row) => matches(row, filter));
  let reduced = filter;
  // collection last: it most often implies the others
  for (const name of ["data_product_type", "facility", "instrument", "collection"] as const) {
    if (reduced[name] === undefined) continue;
    const wider = combinations.filter((row) => matches(row, reduced, name));
    if (wider.length === matching.length) {
      const { [name]: _, ...rest } = reduced;
      reduced = rest;
    }
  }
  const lengthOf = (name: Dimension) =>
    countOf(combinations.filter((row) => matches(row, { [name]: reduced[name] })));
  const narrowest = DIMENSIONS.filter((name) => reduced[name] !== undefined)
    .map((name) => ({ name, length: lengthOf(name) }))
    .sort((a, b) => a.length - b.length)[0]?.name;
  return { total: countOf(matching), filter: reduced, narrowest, matching };
}

function countOf(combinations: readonly Combination[]): number {
  return combinations.reduce((sum, row) => sum + row.count, 0);
}
