import { type RawBuilder, sql } from "kysely";
import type { ImageFilter } from "../catalog.ts";
import type { CatalogDatabase, Engine } from "../engines/engine.ts";
import { type ParameterOf, PreparedQuery } from "../engines/prepared-query.ts";
import { type CountedName, DIMENSIONS, type SearchParameter, searchedColumns } from "../model/image.ts";
import type { ReadValue } from "../model/rows.ts";
import type { Combinations, DimensionFilter, ReducedFilter } from "./combinations.ts";
import { endAfter, idsAtOffset } from "./page-blocks.ts";

/** Offsets up to this are skipped row by row. */
const SHALLOW_OFFSET = 1000;

const COUNTED = searchedColumns("counted");
type CountedParameter = SearchParameter<"counted">;

/** The conditions of a filter on counted columns. */
export function dimensionsOf(filter: Pick<ImageFilter, CountedParameter>): DimensionFilter {
  const conditions: Partial<Record<CountedName, string>> = {};
  for (const { name, search } of COUNTED) {
    const value = filter[search.parameter as CountedParameter];
    if (value !== undefined) conditions[name as CountedName] = value;
  }
  return conditions;
}

/** Values of the parameters of a page. */
type PageValues = Readonly<Record<PageParameter, string | number | undefined>>;
type PageParameter = CountedName | "after" | "first" | "end" | "limit" | "offset";

/** Which rows a page has: `shape` names the conditions of its query. */
interface Page {
  readonly total: number;
  readonly shape: string;
  readonly reduced: ReducedFilter;
  readonly isMerged: boolean;
  readonly values: PageValues;
}

/**
 * Lists are merged if the longest is at most this many times longer than the shortest: passing an
 * entry of an index takes about a twentieth of the time of reading a row.
 */
const MERGED_SPREAD = 20;
/** The counted columns that have an index once migrations have been applied. */
const INDEXED: readonly CountedName[] = ["collection", "facility", "instrument"];

/** Whether the lists of all conditions are merged, instead of reading the rows of the shortest. */
function isMerged({ mergesLists }: Engine, { filter, spread }: ReducedFilter): boolean {
  const names = DIMENSIONS.filter((name) => filter[name] !== undefined);
  const areIndexed = names.every((name) => INDEXED.includes(name));
  return mergesLists && names.length > 1 && areIndexed && spread <= MERGED_SPREAD;
}

/** Selects the ids of a page. */
function selectIds(
  { reduced: { filter, narrowest }, isMerged: merged, values }: Page,
  parameter: ParameterOf<PageParameter>,
): RawBuilder<unknown> {
  const range: RawBuilder<unknown>[] = [];
  if (values.after !== undefined) range.push(sql`image.id > ${parameter("after")}`);
  if (values.first !== undefined) range.push(sql`image.id >= ${parameter("first")}`);
  if (values.end !== undefined) range.push(sql`image.id < ${parameter("end")}`);
  const listOf = (conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> => {
    const all = [...conditions, ...range];
    const where = all.length === 0 ? sql`` : sql`where ${sql.join(all, sql` and `)}`;
    return sql`select image.id as id from image ${where}`;
  };
  const names = DIMENSIONS.filter((name) => filter[name] !== undefined);
  const equals = (name: CountedName) => sql`${sql.ref(`image.${name}`)} = ${parameter(name)}`;
  // by the index of the condition that the fewest images meet: wrapping a column in an expression
  // keeps its index from being used
  const conditions = names.map((name) =>
    name === narrowest ? equals(name) : sql`coalesce(${sql.ref(`image.${name}`)}, '') = ${parameter(name)}`,
  );
  const ids = merged
    ? sql.join(
        names.map((name) => listOf([equals(name)])),
        sql` intersect `,
      )
    : listOf(conditions);
  return sql`${ids} order by id limit ${parameter("limit")} offset ${parameter("offset")}`;
}

/** Pages of the images that match a filter, ordered by id. Queries are prepared once per shape. */
export class ImagePages {
  readonly #database: CatalogDatabase;
  readonly #combinations: Combinations;
  readonly #hasBlocks: boolean;
  readonly #queries = new Map<string, PreparedQuery<PageParameter>>();

  constructor(database: CatalogDatabase, combinations: Combinations, hasBlocks: boolean) {
    this.#database = database;
    this.#combinations = combinations;
    this.#hasBlocks = hasBlocks;
  }

  /** The ids of a page and of the row that follows it, and how many rows match in total. */
  async ids(request: ImageFilter): Promise<{ readonly total: number; readonly ids: readonly number[] }> {
    const page = await this.#page(request);
    if (page.values.limit === 0) return { total: page.total, ids: [] };
    const query = this.#prepared(`ids ${page.shape}`, (parameter) => selectIds(page, parameter));
    return { total: page.total, ids: (await query.rows(page.values)).map(([id]) => Number(id)) };
  }

  /**
   * Columns of a page and of the row that follows it, and how many rows match in total.
   *
   * @param columns expressions for a select list
   */
  async rows(
    request: ImageFilter,
    columns: readonly string[],
  ): Promise<{ readonly total: number; readonly rows: readonly (readonly ReadValue[])[] }> {
    const page = await this.#page(request);
    if (page.values.limit === 0) return { total: page.total, rows: [] };
    const list = columns.join(", ");
    // ids first: they are in an index, so skipped rows are never read
    const query = this.#prepared(
      `${list} ${page.shape}`,
      (parameter) => sql`select ${sql.raw(list)} from (${selectIds(page, parameter)}) as page
        ${this.#database.engine.orderedJoin} image on image.id = page.id order by page.id`,
    );
    return { total: page.total, rows: await query.rows(page.values) };
  }

  #prepared(
    key: string,
    query: (parameter: ParameterOf<PageParameter>) => RawBuilder<unknown>,
  ): PreparedQuery<PageParameter> {
    const known = this.#queries.get(key);
    if (known !== undefined) return known;
    const prepared = new PreparedQuery(this.#database, query);
    this.#queries.set(key, prepared);
    return prepared;
  }

  /** Where the rows of a page are; its limit is 0 if it has none. */
  async #page(request: ImageFilter): Promise<Page> {
    const reduced = (await this.#combinations.all()).reduce(dimensionsOf(request));
    const { total, filter } = reduced;
    const { maxrec, offset, after } = request;
    const isEmpty = total === 0 || maxrec === 0 || offset >= total;
    const range = isEmpty ? { limit: 0 } : await this.#range(reduced, { maxrec, offset, after });
    const values = { after: undefined, first: undefined, end: undefined, offset: 0, limit: maxrec + 1 };
    const page = { ...values, ...range };
    const merged = this.#hasBlocks && isMerged(this.#database.engine, reduced);
    const shape = [
      ...DIMENSIONS.filter((name) => filter[name] !== undefined),
      reduced.narrowest,
      merged,
      page.after !== undefined,
      page.first !== undefined,
      page.end !== undefined,
    ].join(" ");
    return { total, shape, reduced, isMerged: merged, values: { ...page, ...filter } as PageValues };
  }

  async #range(
    reduced: ReducedFilter,
    {
      maxrec,
      offset,
      after,
    }: Pick<ImageFilter, "maxrec" | "offset"> & { readonly after: number | undefined },
  ): Promise<Partial<PageValues>> {
    if (after !== undefined) {
      // so that the end of a page is not searched for among all rows that do not match
      const end = this.#hasBlocks
        ? await endAfter(this.#database, reduced, { after, count: maxrec + 1 })
        : undefined;
      return { after, end };
    }
    // an index has the list of one value, or of none, in order; rows with two values may be far
    // apart in both lists
    const isListed = Object.keys(reduced.filter).length <= 1;
    if (!this.#hasBlocks || (isListed && offset <= SHALLOW_OFFSET)) return { offset };
    const count = Math.min(maxrec + 1, reduced.total - offset);
    const { first, end, before } = await idsAtOffset(this.#database, reduced, { offset, count });
    return { first, end, offset: Math.max(0, offset - before) };
  }
}
