import { SisError } from "../errors/sis-error.ts";

/** The time that an operation has, as a signal for what it waits for and as a moment for what it plans. */
export interface Deadline {
  /** Aborts at the deadline with SOURCE_TIMEOUT, or when the caller gives up with the caller's reason. */
  readonly signal: AbortSignal;
  /** Milliseconds left; not below 0. */
  remainingMs(): number;
  /** Ends the operation before its time: everything that waits for the signal rejects with `reason`. */
  abort(reason: unknown): void;
}

/**
 * Runs an operation that ends at the deadline or with the caller's signal, whichever is first. When it ends, for whatever reason, the signal
 * that it was given aborts, so nothing that it started outlives it.
 * Errors: what the operation throws; it must reject soon after its signal aborts.
 */
export async function withDeadline<T>(
  milliseconds: number,
  caller: AbortSignal | undefined,
  operation: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  caller?.throwIfAborted();
  const controller = new AbortController();
  const end = performance.now() + milliseconds;
  const timer = setTimeout(() => {
    controller.abort(new SisError("SOURCE_TIMEOUT", `the source took longer than ${milliseconds} ms`));
  }, milliseconds);
  const giveUp = () => controller.abort(caller?.reason);
  caller?.addEventListener("abort", giveUp, { once: true });
  try {
    return await operation({
      signal: controller.signal,
      remainingMs: () => Math.max(0, end - performance.now()),
      abort: (reason) => controller.abort(reason),
    });
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener("abort", giveUp);
    controller.abort(new SisError("CANCELLED", "the operation was cancelled"));
  }
}

/** Waits. Rejects with the signal's reason when that aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", giveUp);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", giveUp, { once: true });
  });
}
