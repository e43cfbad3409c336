import { type Deadline, pause } from "../../concurrency/deadline.ts";
import { SisError } from "../../errors/sis-error.ts";

/** How failed requests are retried. */
export interface RetryPolicy {
  /** Number of retries; counting restarts whenever an attempt got further than those before. */
  readonly retries: number;
  /** Longest wait before the first retry; it doubles with each, up to `MAXIMUM_DELAY_MS`. */
  readonly baseDelayMs: number;
}

const MAXIMUM_DELAY_MS = 10_000;

/**
 * Marks an error as transient: the same request may succeed after at least `afterMs` (Retry-After).
 */
export function transientError(error: SisError, afterMs = 0): SisError {
  error.transientAfterMs = afterMs;
  return error;
}

/**
 * Runs `attempt` until it succeeds, fails permanently, has no retries left, or no time is left to
 * wait for the next one. Waits have jitter: they last between half of the doubled delay and all of
 * it. `attempt` calls `progressed` when it got further than before.
 * Errors: those of the last attempt.
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  deadline: Deadline,
  attempt: (progressed: () => void) => Promise<T>,
): Promise<T> {
  let failures = 0;
  for (;;) {
    try {
      return await attempt(() => {
        failures = 0;
      });
    } catch (error) {
      const afterMs = error instanceof SisError ? error.transientAfterMs : undefined;
      if (afterMs === undefined || failures >= policy.retries) throw error;
      const longest = Math.min(MAXIMUM_DELAY_MS, policy.baseDelayMs * 2 ** failures);
      const delay = Math.max(afterMs, longest * (0.5 + 0.5 * Math.random()));
      if (delay >= deadline.remainingMs()) throw error;
      failures += 1;
      await pause(delay, deadline.signal);
    }
  }
}
