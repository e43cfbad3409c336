import { setTimeout } from "node:timers/promises";

/** How often the threads are looked at while they are busy, milliseconds. */
const LOOK_MS = 4;
/** A job gets a turn after this time even if single requests never pause, milliseconds. */
const LONGEST_WAIT_MS = 1_000;

/**
 * Waits until the threads are free, so that single requests come first; a job is slowed down by
 * them, not stopped. Errors: AbortError when `signal` is aborted.
 */
export async function quietTurn(isBusy: () => boolean, signal: AbortSignal): Promise<void> {
  const end = performance.now() + LONGEST_WAIT_MS;
  while (isBusy() && performance.now() < end) await setTimeout(LOOK_MS, undefined, { signal });
}
