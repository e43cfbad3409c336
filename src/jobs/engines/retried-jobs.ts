import type { JobsDatabase, Query } from "./jobs-database.ts";

/**
 * Deletes results of a job, so that their items are missing again: those of failed items that may
 * succeed, or of those named (positions from 0).
 */
export async function dropResults(
  query: Query,
  database: JobsDatabase,
  id: string,
  items: readonly number[] | undefined,
): Promise<void> {
  const { schema } = database;
  await query(`select n from ${schema}chunk where job = $1 order by n ${database.forUpdate}`, [id]);
  const which =
    items === undefined ? "outcome = 'failed' and retryable = 1" : `item in ${database.integersIn("$2")}`;
  const removed = await query(
    `delete from ${schema}result where job = $1 and ${which} returning chunk, outcome, bytes`,
    items === undefined ? [id] : [id, JSON.stringify(items)],
  );
  const again = new Map<number, number>();
  for (const { chunk } of removed) again.set(Number(chunk), (again.get(Number(chunk)) ?? 0) + 1);
  for (const [n, count] of again) {
    await query(
      `update ${schema}chunk set missing = missing + $3, ready = case state when 'running' then ready else 0 end,
        state = case state when 'running' then state else 'waiting' end where job = $1 and n = $2`,
      [id, n, count],
    );
  }
  const bytes = removed.reduce((sum, row) => sum + Number(row.bytes), 0);
  const failed = removed.filter(({ outcome }) => outcome === "failed").length;
  await query(
    `update ${schema}job set done = done - $2, failed = failed - $3, bytes = bytes - $4 where id = $1`,
    [id, removed.length, failed, bytes],
  );
}
