import { type Kysely, type RawBuilder, type SqlBool, sql } from "kysely";
import { BLOCK_IDS, type BlockDimension, combinationValue } from "./block-counts.ts";
import { type Combination, DIMENSIONS, type DimensionFilter } from "./combinations.ts";
import { isAmong } from "./dialect.ts";
import type { CatalogTables } from "./tables.ts";

/** Ids among which a page lies: those from `first` up to, without, `end`; `before` rows of the list come before them. */
export interface IdRange {
  readonly first: number;
  /** Undefined where the page reaches ids that are in no block yet. */
  readonly end: number | undefined;
  readonly before: number;
}

interface CountedBlock {
  readonly block: number;
  /** Rows of the list in the blocks before it, and with it. */
  readonly before: number;
  readonly until: number;
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

/**
 * Where the rows from `offset` on, `count` of them, of a filtered list lie. `filter` is a reduced one, `matching` the combinations
 * that match it.
 */
export async function idsAtOffset(
  database: Kysely<CatalogTables>,
  { filter, matching }: { readonly filter: DimensionFilter; readonly matching: readonly Combination[] },
  { offset, count }: { readonly offset: number; readonly count: number },
): Promise<IdRange> {
  const { dimension, values } = listsOf(filter, matching);
  const among =
    values.length === 1
      ? sql<SqlBool>`value = ${values[0]}`
      : isAmong(database, sql`image_block.value`, values);
  const { rows } = await sql<CountedBlock>`select block, until - n as before, until from (
      select block, sum(count) as n, sum(sum(count)) over (order by block) as until
      from image_block where dimension = ${dimension} and ${among} group by block) as blocks
    where until > ${offset} and until - n < ${offset + count} and n > 0 order by block`.execute(database);
  const [from, to] = [rows[0], rows.at(-1)];
  if (from === undefined || to === undefined) return await afterBlocks(database, dimension, among);
  const end = Number(to.until) >= offset + count ? (Number(to.block) + 1) * BLOCK_IDS : undefined;
  return { first: Number(from.block) * BLOCK_IDS, end, before: Number(from.before) };
}

/** The ids that are in no block yet. */
async function afterBlocks(
  database: Kysely<CatalogTables>,
  dimension: BlockDimension,
  among: RawBuilder<SqlBool>,
): Promise<IdRange> {
  const { rows } = await sql<{ blocks: number; before: number | null }>`select blocks,
      (select sum(count) from image_block where dimension = ${dimension} and ${among}) as before
    from image_sealed`.execute(database);
  return {
    first: Number(rows[0]?.blocks ?? 0) * BLOCK_IDS,
    end: undefined,
    before: Number(rows[0]?.before ?? 0),
  };
}
