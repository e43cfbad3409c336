import type { Kysely } from "kysely";
import type { CatalogTables } from "./tables.ts";

/** The columns that `/query` filters by and `/summary` groups by. */
export const DIMENSIONS = ["collection", "facility", "instrument", "data_product_type"] as const;
type Dimension = (typeof DIMENSIONS)[number];

/** Values of some of the dimensions. */
export type DimensionFilter = Partial<Readonly<Record<Dimension, string>>>;

/** How many images there are of one combination. */
export type Combination = Readonly<Record<Dimension, string>> & { readonly count: number };

/** How long counts of a table without triggers are kept, milliseconds. */
const KEEP_MS = 60_000;

/** The combinations that exist: from the maintained counts, or by grouping a bare table, the result of which is kept for a while. */
export class Combinations {
  readonly #database: Kysely<CatalogTables>;
  readonly #maintained: boolean;
  #kept: { readonly at: number; readonly rows: Promise<readonly Combination[]> } | undefined;

  constructor(database: Kysely<CatalogTables>, maintained: boolean) {
    this.#database = database;
    this.#maintained = maintained;
  }

  /** All combinations of at least one image, sorted. */
  async all(): Promise<readonly Combination[]> {
    if (this.#maintained) return await this.#readCounts();
    const now = performance.now();
    if (this.#kept === undefined || now - this.#kept.at > KEEP_MS) {
      const rows = this.#group();
      this.#kept = { at: now, rows };
      rows.catch(() => {
        this.#kept = undefined;
      });
    }
    return await this.#kept.rows;
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

/** Images that match, and the filter with every condition left out that follows from the others. */
export function reduceFilter(
  combinations: readonly Combination[],
  filter: DimensionFilter,
): {
  readonly total: number;
  readonly filter: DimensionFilter;
  readonly matching: readonly Combination[];
} {
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
  return { total: matching.reduce((sum, row) => sum + row.count, 0), filter: reduced, matching };
}
