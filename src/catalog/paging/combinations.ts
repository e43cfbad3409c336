import type { SummaryRow } from "../catalog.ts";
import type { CatalogDatabase } from "../engines/engine.ts";
import { PreparedQuery } from "../engines/prepared-query.ts";
import { type CountedName, DIMENSIONS } from "../model/image.ts";
import type { ListBlocks } from "./block-counts.ts";

/** Values of some of the dimensions. */
export type DimensionFilter = Partial<Readonly<Record<CountedName, string>>>;

/** The number of images with one combination of values. */
export type Combination = Readonly<Record<CountedName, string>> & { readonly count: number };

/** How long counts of a table without triggers are cached, in milliseconds. */
const KEEP_MS = 60_000;

interface CachedSet {
  readonly version: string;
  readonly at: number;
  readonly found: Promise<CombinationSet>;
}

/**
 * The existing combinations: from the maintained counts, read again when the database has changed,
 * or by grouping a bare table, the result of which is cached for a while.
 */
export class Combinations {
  readonly #database: CatalogDatabase;
  readonly #isMaintained: boolean;
  readonly #changeMarker: PreparedQuery<never>;
  #cached: CachedSet | undefined;

  constructor(database: CatalogDatabase, isMaintained: boolean) {
    this.#database = database;
    this.#isMaintained = isMaintained;
    this.#changeMarker = new PreparedQuery(database, () => database.engine.changeMarker);
  }

  /** All combinations with at least one image: the same object as long as they are unchanged. */
  async all(): Promise<CombinationSet> {
    // read before the counts: changes in between are noticed the next time
    const version = this.#isMaintained ? await this.#version() : "";
    const now = performance.now();
    const cached = this.#cached;
    if (cached?.version === version && (this.#isMaintained || now - cached.at <= KEEP_MS))
      return await cached.found;
    const found = this.#isMaintained ? this.#readCounts() : this.#group();
    this.#cached = { version, at: now, found };
    found.catch(() => {
      if (this.#cached?.found === found) this.#cached = undefined;
    });
    return await found;
  }

  async #version(): Promise<string> {
    const [row] = await this.#changeMarker.rows({});
    return String(row?.[0] ?? Number.NaN);
  }

  async #readCounts(): Promise<CombinationSet> {
    const rows = await this.#database.kysely
      .selectFrom("image_count")
      .select([...DIMENSIONS, "count"])
      .where("count", ">", 0)
      .execute();
    return new CombinationSet(rows.map((row) => ({ ...row, count: Number(row.count) })));
  }

  async #group(): Promise<CombinationSet> {
    const rows = await this.#database.kysely
      .selectFrom("image")
      .select([...DIMENSIONS])
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .groupBy([...DIMENSIONS])
      .execute();
    return new CombinationSet(rows.map((row) => ({ ...row, count: Number(row.count) })));
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

function matches(row: Combination, filter: DimensionFilter, without?: CountedName): boolean {
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
  readonly narrowest: CountedName | undefined;
  /** How many times more images meet the broadest of its conditions than the narrowest. */
  readonly spread: number;
  readonly matching: readonly Combination[];
  /** The blocks of the list, once they have been read. */
  blocks: Promise<ListBlocks> | undefined;
}

/** Number of filters cached for one state of the combinations. */
const MOST_FILTERS = 512;

/** The combinations at one moment, with everything that is derived from them and cached. */
export class CombinationSet {
  /** Sorted. */
  readonly rows: readonly Combination[];
  #filters = new Map<string, ReducedFilter>();
  #summary: readonly SummaryRow[] | undefined;

  constructor(rows: readonly Combination[]) {
    this.rows = sorted(rows);
  }

  /** The matching combinations, and the filter without the conditions that follow from others. */
  reduce(filter: DimensionFilter): ReducedFilter {
    const key = JSON.stringify(DIMENSIONS.map((name) => filter[name] ?? null));
    const known = this.#filters.get(key);
    if (known !== undefined) return known;
    if (this.#filters.size >= MOST_FILTERS) this.#filters = new Map();
    const reduced = reduce(this.rows, filter);
    this.#filters.set(key, reduced);
    return reduced;
  }

  /** The number of images of each collection, facility and instrument. */
  get summary(): readonly SummaryRow[] {
    this.#summary ??= summaryOf(this.rows);
    return this.#summary;
  }
}

function summaryOf(combinations: readonly Combination[]): readonly SummaryRow[] {
  const sums = new Map<string, { collection: string; facility: string; instrument: string; count: number }>();
  for (const { collection, facility, instrument, count } of combinations) {
    const key = JSON.stringify([collection, facility, instrument]);
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { collection, facility, instrument, count });
    else sum.count += count;
  }
  return [...sums.values()];
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
  const lengthOf = (name: CountedName) =>
    countOf(combinations.filter((row) => matches(row, { [name]: reduced[name] })));
  const lists = DIMENSIONS.filter((name) => reduced[name] !== undefined)
    .map((name) => ({ name, length: lengthOf(name) }))
    .sort((a, b) => a.length - b.length);
  return {
    total: countOf(matching),
    filter: reduced,
    narrowest: lists[0]?.name,
    spread: (lists.at(-1)?.length ?? 0) / (lists[0]?.length ?? 1),
    matching,
    blocks: undefined,
  };
}

function countOf(combinations: readonly Combination[]): number {
  return combinations.reduce((sum, row) => sum + row.count, 0);
}
