import { SisError } from "../errors/sis-error.ts";

/** Size of a queue. */
export interface WorkQueueOptions {
  /** Works that are under way at once. */
  readonly concurrency: number;
  /** Works that may wait; one more is OVERLOADED. */
  readonly limit: number;
}

interface Waiting {
  readonly start: () => void;
}

/** Lets a number of works run at once and a number wait, first come, first served. */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Set<Waiting>();
  #running = 0;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Works that wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Works under way. */
  get running(): number {
    return this.#running;
  }

  /** Works that may wait. */
  get limit(): number {
    return this.#options.limit;
  }

  /** Errors: OVERLOADED when one more work could not even wait. */
  refuseWhenFull(): void {
    if (this.#running < this.#options.concurrency || this.#waiting.size < this.#options.limit) return;
    throw new SisError("OVERLOADED", `${this.#waiting.size} products wait for a thread already`);
  }

  /** Runs `work` when its turn has come. Errors: OVERLOADED, CANCELLED when `signal` is aborted before; those of `work`. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#turn(signal);
    try {
      return await work();
    } finally {
      this.#running--;
      const [next] = this.#waiting;
      if (next !== undefined) {
        this.#waiting.delete(next);
        next.start();
      }
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> | undefined {
    if (signal?.aborted === true) throw cancelled();
    if (this.#running < this.#options.concurrency) {
      this.#running++;
      return undefined;
    }
    this.refuseWhenFull();
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(entry);
        reject(cancelled());
      };
      const entry: Waiting = {
        start: () => {
          signal?.removeEventListener("abort", leave);
          this.#running++;
          resolve();
        },
      };
      this.#waiting.add(entry);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }
}

function cancelled(): SisError {
  return new SisError("CANCELLED", "nobody waits for this product any more");
}
