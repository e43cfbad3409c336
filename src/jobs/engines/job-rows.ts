import type { Claim, Job, JobItem, JobPhase, Json, StoredResult } from "../job.ts";
import type { SqlRow, SqlValue } from "./jobs-database.ts";

const number = (value: SqlValue | undefined): number => Number(value ?? 0);
const optional = (value: SqlValue | undefined): number | null => (value == null ? null : Number(value));
const text = (value: SqlValue | undefined): string => String(value ?? "");
const parsed = (value: SqlValue | undefined): Json => JSON.parse(text(value)) as Json;

/** A job, from a row of its table. */
export function jobOf(row: SqlRow): Job {
  return {
    id: text(row.id),
    kind: text(row.kind),
    owner: text(row.owner),
    runId: row.run_id == null ? null : text(row.run_id),
    request: parsed(row.request),
    phase: text(row.phase) as JobPhase,
    priority: number(row.priority),
    created: number(row.created),
    started: optional(row.started),
    ended: optional(row.ended),
    destruction: number(row.destruction),
    executionMs: number(row.execution_ms),
    items: number(row.items),
    done: number(row.done),
    failed: number(row.failed),
    bytes: number(row.bytes),
    sequence: number(row.sequence),
    error: row.error_code == null ? null : { code: text(row.error_code), detail: text(row.error_text) },
  };
}

/** A result, from a row of its table. */
export function resultOf(row: SqlRow): StoredResult {
  return {
    item: number(row.item),
    sequence: number(row.sequence),
    outcome: row.outcome === "failed" ? "failed" : "done",
    isRetryable: number(row.retryable) !== 0,
    bytes: number(row.bytes),
    value: parsed(row.value),
  };
}

/** The items of a chunk. */
export function itemsOf(row: SqlRow): readonly JobItem[] {
  const first = number(row.first);
  return (parsed(row.items) as readonly Json[]).map((value, i) => ({ item: first + i, value }));
}

/**
 * A claim of a chunk. Every second attempt without progress begins at the end: an item that ends
 * the process does not keep those on either side of it from being run.
 */
export function claimOf(job: Job, row: SqlRow, done: ReadonlySet<number>): Claim {
  const attempts = number(row.attempts);
  const missing = itemsOf(row).filter(({ item }) => !done.has(item));
  const items = attempts % 2 === 0 ? missing.toReversed() : missing;
  return { job, chunk: number(row.n), token: text(row.token), attempts, items };
}
