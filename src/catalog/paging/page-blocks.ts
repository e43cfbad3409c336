import { type SqlBool, sql } from "kysely";
import type { CatalogDatabase } from "../engines/engine.ts";
import { DIMENSIONS } from "../model/image.ts";
import { BLOCK_IDS, type BlockDimension, combinationValue, type ListBlocks } from "./block-counts.ts";
import type { Combination, DimensionFilter, ReducedFilter } from "./combinations.ts";

/**
 * The ids that contain a page: from `first` up to, but not including, `end`; `before` rows of the
 * list precede them.
 */
export interface IdRange {
  readonly first: number;
  /** Undefined when the page includes ids that are not in a block yet. */
  readonly end: number | undefined;
  readonly before: number;
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

/** The blocks of a list, read once: after a change of the database there are other filters. */
function blocksOf(database: CatalogDatabase, reduced: ReducedFilter): Promise<ListBlocks> {
  if (reduced.blocks !== undefined) return reduced.blocks;
  const blocks = readBlocks(database, reduced);
  reduced.blocks = blocks;
  blocks.catch(() => {
    reduced.blocks = undefined;
  });
  return blocks;
}

async function readBlocks(
  database: CatalogDatabase,
  { filter, matching }: ReducedFilter,
): Promise<ListBlocks> {
  const { dimension, values } = listsOf(filter, matching);
  const among =
    values.length === 1
      ? sql<SqlBool>`value = ${values[0]}`
      : database.engine.isAmong(sql`image_block.value`, values);
  // one statement, so that both are from the same moment; a list without blocks yields one row
  // without a block
  const { rows } = await sql<{ sealed: number; block: number | null; n: number }>`select
      image_sealed.blocks as sealed, list.block, list.n from image_sealed left join
      (select block, sum(count) as n from image_block where dimension = ${dimension} and ${among}
        group by block having sum(count) > 0) as list on 1 = 1
    order by list.block`.execute(database.kysely);
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

/**
 * Index of the first element of a sorted array that is at least `wanted`; the array's length if
 * there is none.
 */
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

/**
 * The end of the ids of the block that contains the `rank`-th row (from 1) of a list; undefined if
 * that is not in a block yet.
 */
function endOfRow({ numbers, until }: ListBlocks, rank: number): number | undefined {
  const place = firstAtLeast(until, rank);
  return place < numbers.length ? (numbers[place]! + 1) * BLOCK_IDS : undefined;
}

/** The ids that contain `count` rows of a filtered list from `offset` on. */
export async function idsAtOffset(
  database: CatalogDatabase,
  reduced: ReducedFilter,
  { offset, count }: { readonly offset: number; readonly count: number },
): Promise<IdRange> {
  const blocks = await blocksOf(database, reduced);
  const { numbers, until } = blocks;
  const place = firstAtLeast(until, offset + 1);
  const before = until[place - 1] ?? 0;
  const end = endOfRow(blocks, offset + count);
  const block = numbers[place];
  if (block === undefined) return { first: blocks.end, end, before };
  const first = block * BLOCK_IDS;
  // where every id of a block is a row of the list, the rank of a row gives its id; block 0 may
  // have negative ids
  const isFull = block > 0 && until[place]! - before === BLOCK_IDS;
  return isFull ? { first: first + offset - before, end, before: offset } : { first, end, before };
}

/**
 * An id after `count` rows of a filtered list that follow the id `after`; undefined if some of them
 * may not be in a block yet.
 */
export async function endAfter(
  database: CatalogDatabase,
  reduced: ReducedFilter,
  { after, count }: { readonly after: number; readonly count: number },
): Promise<number | undefined> {
  const blocks = await blocksOf(database, reduced);
  const next = firstAtLeast(blocks.numbers, Math.floor(after / BLOCK_IDS) + 1);
  return endOfRow(blocks, (blocks.until[next - 1] ?? 0) + count);
}
