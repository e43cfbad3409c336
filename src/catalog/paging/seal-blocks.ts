import { type Kysely, type RawBuilder, sql } from "kysely";
import { type DatabaseDialect, dialectOf } from "../engines/dialect.ts";
import { isAway } from "../model/database-errors.ts";
import type { CatalogTables } from "../schema/tables.ts";
import { BLOCK_IDS, countedBlocks, summedBlocks } from "./block-counts.ts";

/** What begins a transaction beside which nobody writes to `image`. */
const ALONE: Readonly<Record<DatabaseDialect, readonly RawBuilder<unknown>[]>> = {
  sqlite: [sql`begin immediate`],
  // without waiting: whoever waits for such a lock holds up all writers behind it
  postgresql: [sql`begin`, sql`lock table image in share row exclusive mode nowait`],
};

/** The engine's function that makes a character of its code. */
export const CHARACTER: Readonly<Record<DatabaseDialect, string>> = { sqlite: "char", postgresql: "chr" };

/** Triggers of PostgreSQL only add rows: here those of one block become one again. */
const FOLD = sql`with double as (select dimension, value, block from image_block group by 1, 2, 3 having count(*) > 1),
    folded as (delete from image_block using double where image_block.dimension = double.dimension
      and image_block.value = double.value and image_block.block = double.block returning image_block.*)
  insert into image_block (dimension, value, block, count)
    select dimension, value, block, sum(count) from folded group by 1, 2, 3 having sum(count) <> 0`;

/** SQL that counts the blocks from one up to, without, another. */
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

/** Counts the blocks that have been filled since this was last done; not now, where another program is writing. */
export async function sealBlocks(database: Kysely<CatalogTables>): Promise<void> {
  await database.connection().execute(async (connection) => {
    try {
      for (const statement of ALONE[dialectOf(database)]) await statement.execute(connection);
      await sealInTransaction(connection);
      await sql`commit`.execute(connection);
    } catch (error) {
      // the error that matters is the first one; on a connection that is lost this one fails too
      await sql`rollback`.execute(connection).catch(() => undefined);
      // blocks that are not counted now are counted the next time
      if (!isLocked(error) && !isAway(error)) throw error;
    }
  });
}

function isLocked(error: unknown): boolean {
  // PostgreSQL's lock_not_available; SQLite waits for its lock as every batch does
  return (error as { code?: string }).code === "55P03";
}
