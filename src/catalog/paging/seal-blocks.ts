import { type Kysely, type RawBuilder, sql } from "kysely";
import { type DatabaseDialect, dialectOf } from "../engines/dialect.ts";
import { isAway } from "../model/database-errors.ts";
import type { CatalogTables } from "../schema/tables.ts";
import { BLOCK_IDS, countedBlocks, summedBlocks } from "./block-counts.ts";

/** Starts a transaction during which nobody else writes to `image`. */
const ALONE: Readonly<Record<DatabaseDialect, readonly RawBuilder<unknown>[]>> = {
  sqlite: [sql`begin immediate`],
  // without waiting: waiting for such a lock blocks all later writers
  postgresql: [sql`begin`, sql`lock table image in share row exclusive mode nowait`],
};

/** The engine's function from a character code to the character. */
export const CHARACTER: Readonly<Record<DatabaseDialect, string>> = { sqlite: "char", postgresql: "chr" };

/** PostgreSQL's triggers only add rows: here those of one block become one again. */
const FOLD = sql`with double as (select dimension, value, block from image_block group by 1, 2, 3 having count(*) > 1),
    folded as (delete from image_block using double where image_block.dimension = double.dimension
      and image_block.value = double.value and image_block.block = double.block returning image_block.*)
  insert into image_block (dimension, value, block, count)
    select dimension, value, block, sum(count) from folded group by 1, 2, 3 having sum(count) <> 0`;

/** SQL that counts the blocks from one number up to, but not including, another. */
function sealingSql(dialect: DatabaseDialect, from: number, to: number): string {
  const rows = countedBlocks(`id >= ${from * BLOCK_IDS} AND id < ${to * BLOCK_IDS}`);
  return `INSERT INTO image_block (dimension, value, block, count) ${summedBlocks(CHARACTER[dialect], rows)}`;
}

async function sealInTransaction(database: Kysely<CatalogTables>): Promise<void> {
  const { rows } = await sql<{ blocks: number; full: number | null }>`select blocks,
    (select max(id) from image) / ${sql.lit(BLOCK_IDS)} as full from image_sealed`.execute(database);
  const [from, to] = [Number(rows[0]?.blocks ?? 0), Number(rows[0]?.full ?? 0)];
  if (dialectOf(database) === "postgresql") await FOLD.execute(database);
  if (to <= from) return;
  await sql.raw(sealingSql(dialectOf(database), from, to)).execute(database);
  await sql`update image_sealed set blocks = ${to}`.execute(database);
}

/**
 * Counts the blocks that have filled up since the last call; does nothing while another program is
 * writing.
 */
export async function sealBlocks(database: Kysely<CatalogTables>): Promise<void> {
  await database.connection().execute(async (connection) => {
    try {
      for (const statement of ALONE[dialectOf(database)]) await statement.execute(connection);
      await sealInTransaction(connection);
      await sql`commit`.execute(connection);
    } catch (error) {
      // the first error is the one that matters; on a lost connection this fails too
      await sql`rollback`.execute(connection).catch(() => undefined);
      // blocks that are not counted now are counted the next time
      if (!isLocked(error) && !isAway(error)) throw error;
    }
  });
}

function isLocked(error: unknown): boolean {
  // PostgreSQL's lock_not_available; SQLite waits for its lock like every batch
  return (error as { code?: string }).code === "55P03";
}
