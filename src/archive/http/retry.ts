import { type Deadline, pause } from "../../concurrency/deadline.ts";
import { exhausted } from "../../concurrency/exhaustion.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";

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

const TIMEOUTS = new Set(["CONNECT_TIMEOUT", "HEADERS_TIMEOUT", "BODY_TIMEOUT", "ETIMEDOUT"]);
/**
 * Codes that a retry does not change: no such host, an excessive header, an address that is not
 * allowed.
 */
const PERMANENT = new Set(["ENOTFOUND", "HPE_HEADER_OVERFLOW", "ERR_INVALID_URL"]);
/** This process has run out of descriptors, or the system out of ports: not the archive's fault. */
const EXHAUSTED = new Set(["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS", "ENOMEM"]);

/**
 * The error for a failed connection to `host`: SOURCE_TIMEOUT, SOURCE_UPSTREAM when it violated
 * HTTP, otherwise SOURCE_UNREACHABLE; the signal's reason if it was aborted. Messages contain only
 * the host of a URL.
 */
export function transportError(error: unknown, host: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (isSisError(error)) return error;
  const { code = (error as Error).name } = error as { readonly code?: string };
  if (EXHAUSTED.has(code)) return exhausted(code, error);
  const failure = new SisError(codeOf(code), `${host}: the connection failed (${code})`, { cause: error });
  return PERMANENT.has(code) || /CERT|SSL|TLS|SIGNATURE/.test(code) ? failure : transientError(failure);
}

function codeOf(code: string): "SOURCE_TIMEOUT" | "SOURCE_UPSTREAM" | "SOURCE_UNREACHABLE" {
  if (TIMEOUTS.has(code)) return "SOURCE_TIMEOUT";
  return /^HPE_/.test(code) ? "SOURCE_UPSTREAM" : "SOURCE_UNREACHABLE";
}

/** An error with a code in addition to its message, like Node's own connection errors. */
export function codedError(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
