import type { Deadline } from "./deadline.ts";

/**
 * Processes all items, at most `limit` at a time. The first failure aborts the others through the
 * deadline, and is thrown when all have ended.
 */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  deadline: Deadline,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const failures: unknown[] = [];
  const run = async () => {
    try {
      // the runners share one iterator, so each item is taken once
      for (const item of rest) await work(item);
    } catch (error) {
      failures.push(error);
      deadline.abort(error);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
  if (failures.length > 0) throw failures[0];
}
