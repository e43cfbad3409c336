import type { JobPhase } from "../../../jobs/job.ts";
import type { JobStore } from "../../../jobs/job-store.ts";

/** Pause between polls of the jobs that clients wait for, milliseconds. */
const POLL_MS = 250;

/** Phases read by one query. */
const PHASES_PER_QUERY = 500;

/** A client that waits for a phase other than `known`. */
interface Waiter {
  readonly id: string;
  readonly known: JobPhase;
  readonly end: () => void;
}

/**
 * Waits for changes of jobs, which any process may make: one query at intervals reads the phases of
 * all jobs that clients of this process wait for.
 */
export class JobWatch {
  readonly #jobs: Pick<JobStore, "phases">;
  readonly #waiters = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;

  constructor(jobs: Pick<JobStore, "phases">) {
    this.#jobs = jobs;
  }

  /**
   * Resolves when the phase of a job differs from `known`, the job is gone, `ms` have passed, or
   * `signal` is aborted.
   */
  changed(id: string, known: JobPhase, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timeout);
        this.#waiters.delete(waiter);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const waiter: Waiter = { id, known, end };
      const timeout = setTimeout(end, ms);
      if (signal.aborted) return end();
      signal.addEventListener("abort", end, { once: true });
      this.#waiters.add(waiter);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#waiters.size === 0) return;
    this.#timer = setTimeout(async () => {
      await this.#poll();
      this.#timer = undefined;
      this.#schedule();
    }, POLL_MS);
  }

  async #poll(): Promise<void> {
    const ids = [...new Set([...this.#waiters].map(({ id }) => id))];
    for (let first = 0; first < ids.length; first += PHASES_PER_QUERY) {
      const batch = ids.slice(first, first + PHASES_PER_QUERY);
      try {
        const phases = await this.#jobs.phases(batch);
        for (const waiter of this.#waiters) {
          if (batch.includes(waiter.id) && phases.get(waiter.id) !== waiter.known) waiter.end();
        }
      } catch {
        // a database that cannot be asked now may be asked the next time; the request that waits
        // reports it
      }
    }
  }
}
