import { SisError } from "../errors/sis-error.ts";
import { cancelled } from "./cancellation.ts";

/** Limits of a queue. */
export interface WorkQueueOptions {
  /** Number of tasks that run at once. */
  readonly concurrency: number;
  /** Number of tasks that may wait; the next one is refused as OVERLOADED. */
  readonly limit: number;
}

interface Waiting {
  readonly client: string;
  readonly start: () => void;
  readonly refuse: () => void;
}

/**
 * Runs a limited number of tasks at once and lets a limited number wait, first come, first served.
 * Named clients take turns, and when the queue is full, a client with fewer tasks displaces the
 * last task of the client that has the most.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Set<Waiting>();
  #running = 0;
  #lastClient = "";

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Number of waiting tasks. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Number of running tasks. */
  get running(): number {
    return this.#running;
  }

  /** Number of tasks that may wait. */
  get limit(): number {
    return this.#options.limit;
  }

  /** Errors: OVERLOADED when one more task, of `client` if known, could not even wait. */
  refuseWhenFull(client = ""): void {
    if (this.#running < this.#options.concurrency || this.#waiting.size < this.#options.limit) return;
    if (this.#lastOfLargest(client) === undefined) throw this.#overloaded();
  }

  /**
   * Runs `work` when its turn comes. Errors: OVERLOADED, also when it is displaced by another
   * client; CANCELLED when `signal` is aborted first; those of `work`.
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal, client = ""): Promise<T> {
    await this.#turn(signal, client);
    try {
      return await work();
    } finally {
      this.#running--;
      const next = this.#next();
      if (next !== undefined) {
        this.#waiting.delete(next);
        this.#lastClient = next.client;
        next.start();
      }
    }
  }

  /** The first task of a client other than the last one served, otherwise the first of all. */
  #next(): Waiting | undefined {
    for (const one of this.#waiting) if (one.client !== this.#lastClient) return one;
    const [first] = this.#waiting;
    return first;
  }

  /**
   * The last task of the client with the most, if `client` would still have no more than that one.
   */
  #lastOfLargest(client: string): Waiting | undefined {
    if (this.#waiting.size === 0) return undefined;
    const counts = new Map<string, number>();
    for (const one of this.#waiting) counts.set(one.client, (counts.get(one.client) ?? 0) + 1);
    const most = Math.max(...counts.values());
    if ((counts.get(client) ?? 0) + 1 >= most) return undefined;
    let last: Waiting | undefined;
    for (const one of this.#waiting) if (counts.get(one.client) === most) last = one;
    return last;
  }

  #overloaded(): SisError {
    return new SisError("OVERLOADED", `${this.#waiting.size} tasks wait for their turn already`);
  }

  #turn(signal: AbortSignal | undefined, client: string): Promise<void> | undefined {
    if (signal?.aborted === true) throw cancelled();
    if (this.#running < this.#options.concurrency) {
      this.#running++;
      this.#lastClient = client;
      return undefined;
    }
    if (this.#waiting.size >= this.#options.limit) {
      const displaced = this.#lastOfLargest(client);
      if (displaced === undefined) throw this.#overloaded();
      displaced.refuse();
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(entry);
        reject(cancelled());
      };
      const entry: Waiting = {
        client,
        refuse: () => {
          signal?.removeEventListener("abort", leave);
          this.#waiting.delete(entry);
          reject(this.#overloaded());
        },
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
