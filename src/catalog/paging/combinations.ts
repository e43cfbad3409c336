import { type Kysely, type RawBuilder, sql } from "kysely";
import { type DatabaseDialect, dialectOf } from "../engines/dialect.ts";
import type { CatalogTables } from "../schema/tables.ts";

/** The columns that `/query` filters by and `/summary` groups by. */
export const DIMENSIONS = ["collection", "facility", "instrument", "data_product_type"] as const;
type Dimension = (typeof DIMENSIONS)[number];

/** Values of some of the dimensions. */
export type DimensionFilter = Partial<Readonly<Record<Dimension, string>>>;

/** How many images there are of one combination. */
export type Combination = Readonly<Record<Dimension, string>> & { readonly count: number };

/** How long counts of a table without triggers are kept, milliseconds. */
const KEEP_MS = 60_000;

/** Something that differs after any change by another connection. */
const VERSIONS: Readonly<Record<DatabaseDialect, RawBuilder<{ version: unknown }>>> = {
  sqlite: sql`select data_version as version from pragma_data_version`,
  // which transactions are over, in the whole server: it changes more often than needed, never too seldom; another server under the
  // same address may be as far by chance, but did not start at the same microsecond
  postgresql: sql`select pg_current_snapshot()::text || ' ' || pg_postmaster_start_time()::text as version`,
};

interface Kept {
  readonly version: string;
  readonly at: number;
  readonly rows: Promise<readonly Combination[]>;
}

/**
 * The combinations that exist: from the maintained counts, read anew when the database changed, or by grouping a bare table, the result of
 * which is kept for a while. While they are the same, they are the same array.
 */
export class Combinations {
  readonly #database: Kysely<CatalogTables>;
  readonly #maintained: boolean;
  #kept: Kept | undefined;

  constructor(database: Kysely<CatalogTables>, maintained: boolean) {
    this.#database = database;
    this.#maintained = maintained;
  }

  /** All combinations of at least one image, sorted. */
  async all(): Promise<readonly Combination[]> {
    // looked at before the counts are read: what comes in between is seen the next time
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

/** By code units, which both engines then agree on, whatever the collation of the database. */
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

/** A filter with every condition left out that follows from the others, and what matches it. */
export interface ReducedFilter {
  readonly total: number;
  readonly filter: DimensionFilter;
  /** Of the conditions that are left the one that the fewest images meet. */
  readonly narrowest: Dimension | undefined;
  readonly matching: readonly Combination[];
}

/** Filters that are kept for one state of the combinations. */
const MOST_FILTERS = 512;

/** Filters that were reduced before, as long as the combinations are the same. */
const known = new WeakMap<readonly Combination[], Map<string, ReducedFilter>>();

/** Images that match, and the filter with every condition left out that follows from the others. */
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
  // collection last: it is the one that most often says the others
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
