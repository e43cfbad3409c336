import { sql } from "kysely";
import { type CatalogDatabase, onOneConnection } from "../engines/engine.ts";
import { type CountedName, DIMENSIONS } from "../model/image.ts";

/**
 * Rows are counted by blocks of consecutive ids, so that a page far into a list is found by summing
 * blocks and scanning one of them, instead of all rows before it. Blocks are counted once they are
 * full ("sealed"), by harvest and migrations; triggers keep the counts of sealed ones correct. This
 * number is part of the schema.
 */
export const BLOCK_IDS = 8192;

/**
 * Separates the parts of a combination: labels cannot contain this character, because XML does not
 * allow it.
 */
const SEPARATOR_CODE = 31;

/**
 * What is counted in each block: all rows, the rows of each value of each dimension, and those of
 * each combination.
 */
export type BlockDimension = "all" | CountedName | "combination";

/** The blocks of ids that contain rows of a list. */
export interface ListBlocks {
  /** Block numbers, in order, and the number of rows of the list up to the end of each. */
  readonly numbers: Int32Array;
  readonly until: Float64Array;
  /** First id that is not in a block yet. */
  readonly end: number;
}

/** A combination as one text, as stored in the database. */
export function combinationValue(combination: Readonly<Record<CountedName, string>>): string {
  return DIMENSIONS.map((name) => combination[name]).join(String.fromCharCode(SEPARATOR_CODE));
}

/**
 * SQL: dimensions and values of the lists that contain a row; `column` returns the SQL of its
 * columns.
 */
function blockLists(
  separator: string,
  column: (name: string) => string,
): readonly (readonly [dimension: string, value: string])[] {
  return [
    ["'all'", "''"],
    ...DIMENSIONS.map((name) => [`'${name}'`, column(name)] as const),
    ["'combination'", DIMENSIONS.map(column).join(` || ${separator}(${SEPARATOR_CODE}) || `)],
  ];
}

/**
 * SQL for dimension, value, block and number of rows, summed from a query that returns combinations
 * with `block` and `n`. `separator` is the engine's function from a character code to the
 * character.
 */
export function summedBlocks(separator: string, from: string): string {
  const parts = blockLists(separator, (name) => name).map(
    ([dimension, value]) =>
      `SELECT ${dimension} AS dimension, ${value} AS value, block, sum(n) AS n FROM counted GROUP BY 2, 3 HAVING sum(n) <> 0`,
  );
  return `WITH counted AS (${from}) ${parts.join(" UNION ALL ")}`;
}

/** SQL for the rows of `image` by combination and block, in a range of ids. */
export function countedBlocks(where: string): string {
  const columns = DIMENSIONS.join(", ");
  return `SELECT ${columns}, id / ${BLOCK_IDS} AS block, count(*) AS n FROM image WHERE ${where} GROUP BY ${columns}, id / ${BLOCK_IDS}`;
}

/** SQL that counts the blocks from one number up to, but not including, another. */
function sealingSql(character: string, from: number, to: number): string {
  const rows = countedBlocks(`id >= ${from * BLOCK_IDS} AND id < ${to * BLOCK_IDS}`);
  return `INSERT INTO image_block (dimension, value, block, count) ${summedBlocks(character, rows)}`;
}

async function sealInTransaction({ engine, kysely }: CatalogDatabase): Promise<void> {
  const { rows } = await sql<{ blocks: number; full: number | null }>`select blocks,
    (select max(id) from image) / ${sql.lit(BLOCK_IDS)} as full from image_sealed`.execute(kysely);
  const [from, to] = [Number(rows[0]?.blocks ?? 0), Number(rows[0]?.full ?? 0)];
  for (const statement of engine.foldBlocks) await statement.execute(kysely);
  if (to <= from) return;
  await sql.raw(sealingSql(engine.character, from, to)).execute(kysely);
  await sql`update image_sealed set blocks = ${to}`.execute(kysely);
}

/**
 * Counts the blocks that have filled up since the last call; does nothing while another program is
 * writing.
 */
export async function sealBlocks(database: CatalogDatabase): Promise<void> {
  await onOneConnection(database, async (connection) => {
    const { engine, kysely } = connection;
    try {
      for (const statement of engine.beginSealing) await statement.execute(kysely);
      await sealInTransaction(connection);
      await sql`commit`.execute(kysely);
    } catch (error) {
      // the first error is the one that matters; on a lost connection this fails too
      await sql`rollback`.execute(kysely).catch(() => undefined);
      // blocks that are not counted now are counted the next time
      if (!engine.isBusy(error)) throw error;
    }
  });
}
