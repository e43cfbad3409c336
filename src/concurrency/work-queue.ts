import { SisError } from "../errors/sis-error.ts";
import { cancelled } from "./cancellation.ts";

/** Limits of a queue. */
export interface WorkQueueOptions {
  /** Number of tasks that run at once. */
  readonly concurrency: number;
  /** Number of tasks that may wait; the next one is refused as OVERLOADED. */
  readonly limit: number;
}

/** Whose task it is. */
export interface TaskOwner {
  /** Clients take turns; tasks without a client belong to one. */
  readonly client?: string | undefined;
  /**
   * Whether it yields to tasks that are not in the background, for up to `BACKGROUND_PATIENCE_MS`.
   */
  readonly background?: boolean | undefined;
}

interface Waiting {
  readonly client: string;
  /** When it stops yielding to other tasks; at once for tasks that are not in the background. */
  readonly dueMs: number;
  readonly start: () => void;
  readonly refuse: () => void;
}

/** A background task starts after this time even if other tasks keep coming, in milliseconds. */
const BACKGROUND_PATIENCE_MS = 1_000;

/**
 * Runs a limited number of tasks at once and lets a limited number wait, first come, first served.
 * Named clients take turns, and when the queue is full, a client with fewer tasks displaces the
 * last task of the client that has the most. Tasks in the background start when no other one waits.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Set<Waiting>();
  #running = 0;
  #runningInBackground = 0;
  #lastClient = "";

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Number of waiting tasks. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Number of running and waiting tasks that are not in the background. */
  get foreground(): number {
    const now = performance.now();
    let count = this.#running - this.#runningInBackground;
    for (const { dueMs } of this.#waiting) if (dueMs <= now) count++;
    return count;
  }

  /** Number of running tasks. */
  get running(): number {
    return this.#running;
  }

  /** Number of tasks that may wait. */
  get limit(): number {
    return this.#options.limit;
  }

  /** Errors: OVERLOADED when one more task, of `client` if known, could not be queued. */
  refuseWhenFull(client = ""): void {
    if (this.#running < this.#options.concurrency || this.#waiting.size < this.#options.limit) return;
    if (this.#lastOfLargest(client) === undefined) throw this.#overloaded();
  }

  /**
   * Runs `work` when its turn comes. Errors: OVERLOADED, also when it is displaced by another
   * client; CANCELLED when `signal` is aborted first; those of `work`.
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal, owner: TaskOwner = {}): Promise<T> {
    await this.#turn(signal, owner);
    const background = owner.background === true ? 1 : 0;
    this.#runningInBackground += background;
    try {
      return await work();
    } finally {
      this.#running--;
      this.#runningInBackground -= background;
      const next = this.#next();
      if (next !== undefined) {
        this.#waiting.delete(next);
        this.#lastClient = next.client;
        next.start();
      }
    }
  }

  /**
   * The first task of a client other than the last one served, otherwise the first of all;
   * background tasks count only when there is no other, or when they have waited for long.
   */
  #next(): Waiting | undefined {
    const now = performance.now();
    let first: Waiting | undefined;
    for (const one of this.#waiting) {
      if (one.dueMs > now) continue;
      if (one.client !== this.#lastClient) return one;
      first ??= one;
    }
    if (first !== undefined) return first;
    const [delayed] = this.#waiting;
    return delayed;
  }

  /**
   * The last task of the client with the most tasks, if `client` would still have no more than it.
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
    return new SisError("OVERLOADED", `${this.#waiting.size} tasks are already waiting`);
  }

  #turn(
    signal: AbortSignal | undefined,
    { client = "", background = false }: TaskOwner,
  ): Promise<void> | undefined {
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
        dueMs: background ? performance.now() + BACKGROUND_PATIENCE_MS : 0,
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
