import { DIMENSIONS } from "./combinations.ts";

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
export type BlockDimension = "all" | (typeof DIMENSIONS)[number] | "combination";

/** A combination as one text, as stored in the database. */
export function combinationValue(combination: Readonly<Record<(typeof DIMENSIONS)[number], string>>): string {
  return DIMENSIONS.map((name) => combination[name]).join(String.fromCharCode(SEPARATOR_CODE));
}

/**
 * SQL: dimensions and values of the lists that contain a row; `column` returns the SQL of its
 * columns.
 */
export function blockLists(
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
