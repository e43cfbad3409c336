import { type Kysely, type SqlBool, sql } from "kysely";
import { isAmong } from "../engines/dialect.ts";
import type { CatalogTables } from "../schema/tables.ts";
import { BLOCK_IDS, type BlockDimension, combinationValue } from "./block-counts.ts";
import { type Combination, DIMENSIONS, type DimensionFilter, type ReducedFilter } from "./combinations.ts";

/** Ids among which a page lies: those from `first` up to, without, `end`; `before` rows of the list come before them. */
export interface IdRange {
  readonly first: number;
  /** Undefined where the page reaches ids that are in no block yet. */
  readonly end: number | undefined;
  readonly before: number;
}

/** The blocks of ids that hold rows of a list. */
interface ListBlocks {
  /** Their numbers, in order, and how many rows of the list there are up to the end of each. */
  readonly numbers: Int32Array;
  readonly until: Float64Array;
  /** First id that is in no block yet. */
  readonly end: number;
}

/** The lists in `image_block` that make up a filtered list. */
function listsOf(
  filter: DimensionFilter,
  matching: readonly Combination[],
): { readonly dimension: BlockDimension; readonly values: readonly string[] } {
  const names = DIMENSIONS.filter((name) => filter[name] !== undefined);
  const [name] = names;
  if (name === undefined) return { dimension: "all", values: [""] };
  if (names.length === 1) return { dimension: name, values: [filter[name]!] };
  return { dimension: "combination", values: matching.map(combinationValue) };
}

/** Blocks that were read before: a reduced filter is another object once the database has changed (Combinations). */
const known = new WeakMap<ReducedFilter, Promise<ListBlocks>>();

function blocksOf(database: Kysely<CatalogTables>, reduced: ReducedFilter): Promise<ListBlocks> {
  const kept = known.get(reduced);
  if (kept !== undefined) return kept;
  const blocks = readBlocks(database, reduced);
  known.set(reduced, blocks);
  blocks.catch(() => known.delete(reduced));
  return blocks;
}

async function readBlocks(
  database: Kysely<CatalogTables>,
  { filter, matching }: ReducedFilter,
): Promise<ListBlocks> {
  const { dimension, values } = listsOf(filter, matching);
  const among =
    values.length === 1
      ? sql<SqlBool>`value = ${values[0]}`
      : isAmong(database, sql`image_block.value`, values);
  // in one statement, so that both are of one moment; a list without blocks gives one row without one
  const { rows } = await sql<{ sealed: number; block: number | null; n: number }>`select
      image_sealed.blocks as sealed, list.block, list.n from image_sealed left join
      (select block, sum(count) as n from image_block where dimension = ${dimension} and ${among}
        group by block having sum(count) > 0) as list on 1 = 1
    order by list.block`.execute(database);
  const blocks = rows.filter(({ block }) => block !== null);
  const until = new Float64Array(blocks.length);
  let sum = 0;
  for (const [i, { n }] of blocks.entries()) {
    sum += Number(n);
    until[i] = sum;
  }
  return {
    numbers: Int32Array.from(blocks, ({ block }) => Number(block)),
    until,
    end: Number(rows[0]?.sealed ?? 0) * BLOCK_IDS,
  };
}

/** The first place of a sorted array whose value is at least `wanted`; its length when there is none. */
function firstAtLeast(sorted: Int32Array | Float64Array, wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The end of the ids of the block that holds the `rank`-th row (from 1) of a list; undefined where that is in no block yet. */
function endOfRow({ numbers, until }: ListBlocks, rank: number): number | undefined {
  const place = firstAtLeast(until, rank);
  return place < numbers.length ? (numbers[place]! + 1) * BLOCK_IDS : undefined;
}

/** Where the rows from `offset` on, `count` of them, of a filtered list lie. */
export async function idsAtOffset(
  database: Kysely<CatalogTables>,
  reduced: ReducedFilter,
  { offset, count }: { readonly offset: number; readonly count: number },
): Promise<IdRange> {
  const blocks = await blocksOf(database, reduced);
  const { numbers, until } = blocks;
  const place = firstAtLeast(until, offset + 1);
  return {
    first: place < numbers.length ? numbers[place]! * BLOCK_IDS : blocks.end,
    end: endOfRow(blocks, offset + count),
    before: until[place - 1] ?? 0,
  };
}

/** An id behind `count` rows of a filtered list that come after the id `after`; undefined where some of them may be in no block yet. */
export async function endAfter(
  database: Kysely<CatalogTables>,
  reduced: ReducedFilter,
  { after, count }: { readonly after: number; readonly count: number },
): Promise<number | undefined> {
  const blocks = await blocksOf(database, reduced);
  const behind = firstAtLeast(blocks.numbers, Math.floor(after / BLOCK_IDS) + 1);
  return endOfRow(blocks, (blocks.until[behind - 1] ?? 0) + count);
}
