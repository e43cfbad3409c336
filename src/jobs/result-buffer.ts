import { setTimeout } from "node:timers/promises";
import { cancelled } from "../concurrency/cancellation.ts";
import type { Claim, ItemResult } from "./job.ts";
import type { JobQueue } from "./job-store.ts";

/** Pause before results are sent again to a database that could not store them, milliseconds. */
const RETRY_MS = 200;

/**
 * Stores the results of one claim as they come; those that arrive while others are being stored
 * share the next transaction.
 */
export class ResultBuffer {
  readonly #queue: JobQueue;
  readonly #claim: Claim;
  readonly #leaseMs: number;
  readonly #signal: AbortSignal;
  #waiting: ItemResult[] = [];
  #next: Promise<void> | undefined;
  #current: Promise<void> = Promise.resolve();

  constructor(queue: JobQueue, claim: Claim, leaseMs: number, signal: AbortSignal) {
    this.#queue = queue;
    this.#claim = claim;
    this.#leaseMs = leaseMs;
    this.#signal = signal;
  }

  /**
   * Resolves when `result` is stored; waits for a database that is away. Errors: CANCELLED when the
   * claim is lost or the signal is aborted.
   */
  store(result: ItemResult): Promise<void> {
    this.#waiting.push(result);
    this.#next ??= this.#current.then(() => {
      const results = this.#waiting;
      this.#waiting = [];
      this.#next = undefined;
      const stored = this.#send(results);
      this.#current = stored.catch(() => undefined);
      return stored;
    });
    return this.#next;
  }

  async #send(results: readonly ItemResult[]): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        if (await this.#queue.store(this.#claim, results, this.#leaseMs)) return;
        break;
      } catch {
        // the runner's renewals report the reason
        await setTimeout(RETRY_MS, undefined, { signal: this.#signal }).catch(() => undefined);
      }
    }
    throw cancelled();
  }
}
