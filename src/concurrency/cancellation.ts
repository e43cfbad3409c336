import { SisError } from "../errors/sis-error.ts";

/**
 * How often a thread that is waiting for an archive checks whether its task has been cancelled, in
 * milliseconds.
 */
const POLL_MS = 200;

/** A flag in shared memory, which is 0 until `signal` is aborted: threads cannot see signals. */
export function cancelFlag(signal: AbortSignal | undefined): Int32Array {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const raise = () => Atomics.store(flag, 0, 1);
  if (signal?.aborted === true) raise();
  else signal?.addEventListener("abort", raise, { once: true });
  return flag;
}

/** A function that throws CANCELLED once the flag is set. */
export function checkpointOf(flag: Int32Array): () => void {
  return () => {
    if (Atomics.load(flag, 0) !== 0) throw cancelled();
  };
}

/** The error of an operation whose callers have all gone. */
export function cancelled(): SisError<"CANCELLED"> {
  return new SisError("CANCELLED", "the request for this product was cancelled");
}

/** Runs `work` with a signal that is aborted, with CANCELLED, soon after the flag is set. */
export async function untilCancelled<T>(
  flag: Int32Array,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setInterval(() => {
    if (Atomics.load(flag, 0) !== 0) controller.abort(cancelled());
  }, POLL_MS);
  try {
    return await work(controller.signal);
  } finally {
    clearInterval(timer);
  }
}
