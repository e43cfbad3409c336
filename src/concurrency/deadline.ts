import { SisError } from "../errors/sis-error.ts";

/**
 * The time limit of an operation: a signal for what it waits for, and the time left for planning.
 */
export interface Deadline {
  /**
   * Aborts at the deadline with SOURCE_TIMEOUT, or with the caller's reason when the caller gives
   * up.
   */
  readonly signal: AbortSignal;
  /** Milliseconds left; never negative. */
  remainingMs(): number;
  /** Ends the operation early: everything that waits for the signal rejects with `reason`. */
  abort(reason: unknown): void;
}

/**
 * Runs an operation that ends at the deadline or when the caller's signal aborts, whichever comes
 * first. Once it has ended, for whatever reason, its signal is aborted too, so nothing that it
 * started outlives it.
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
  const timer = patientTimeout(milliseconds, () => {
    controller.abort(new SisError("SOURCE_TIMEOUT", `the source took longer than ${milliseconds} ms`));
  });
  const giveUp = () => controller.abort(caller?.reason);
  caller?.addEventListener("abort", giveUp, { once: true });
  try {
    return await operation({
      signal: controller.signal,
      remainingMs: () => Math.max(0, end - performance.now()),
      abort: (reason) => controller.abort(reason),
    });
  } finally {
    timer.clear();
    caller?.removeEventListener("abort", giveUp);
    controller.abort(new SisError("CANCELLED", "the operation was cancelled"));
  }
}

/** Waits. Rejects with the signal's reason if it aborts. */
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

/** A timer that fires later than this was delayed: the process or the machine was suspended. */
const HELD_UP_MS = 250;

/** A timeout that can be cleared. */
export interface PatientTimeout {
  clear(): void;
}

/**
 * Calls `late` after `milliseconds` during which the process was able to run. After a suspended
 * machine or a blocked event loop, timers fire before sockets are read, so that a response which
 * has long arrived would count as missing. Such a timer is started again for a quarter of its time.
 */
export function patientTimeout(milliseconds: number, late: () => void): PatientTimeout {
  let immediate: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout;
  const start = (wait: number) => {
    const due = performance.now() + wait;
    timer = setTimeout(() => {
      if (performance.now() - due > HELD_UP_MS) start(milliseconds / 4);
      // sockets are read before immediates run
      else immediate = setImmediate(late);
    }, wait);
  };
  start(milliseconds);
  return {
    clear() {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
