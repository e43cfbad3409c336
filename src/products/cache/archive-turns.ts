import { HostBreaker } from "../../archive/host-breaker.ts";
import type { NamesHost } from "../../archive/redirect-policy.ts";
import { WorkQueue } from "../../concurrency/work-queue.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";

/**
 * Consecutive tasks that must time out before a host is paused: each has retried several times
 * already.
 */
const FAILURES = 2;

/** Limits for one archive. */
export interface ArchiveTurnsOptions {
  /** Number of tasks of one host that run at once. */
  readonly perHost: number;
  /** Number of tasks of one host that may wait; the next one is refused as OVERLOADED. */
  readonly waitingPerHost: number;
  /** Whether the catalog names files on a host, so that redirects may lead there. */
  readonly namesHost: NamesHost;
}

/**
 * Schedules tasks on archives: a host gets at most its share of the threads, and one that does not
 * respond is paused, so that no archive waits for another.
 */
export class ArchiveTurns {
  readonly #options: ArchiveTurnsOptions;
  readonly #breaker = new HostBreaker(FAILURES);
  readonly #queues = new Map<string, WorkQueue>();
  readonly #redirectHosts = new Set<string>();

  constructor(options: ArchiveTurnsOptions) {
    this.#options = options;
  }

  /** Number of hosts that are paused. */
  get resting(): number {
    return this.#breaker.resting;
  }

  /**
   * Runs a task on a file at a URL; repeats it if a redirect leads to a host that turns out to be
   * in the catalog.
   * Errors: SOURCE_TIMEOUT at once for a host that does not respond, OVERLOADED, CANCELLED, those
   * of `work`.
   *
   * @param work receives the hosts that redirects may lead to
   */
  async run<T>(
    location: string,
    work: (redirectHosts: readonly string[]) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const host = hostOf(location);
    this.#breaker.refuse(host);
    const queue = this.#queueOf(host);
    try {
      return await queue.run(() => this.#reported(host, work), signal);
    } finally {
      if (queue.running === 0 && queue.waiting === 0) this.#queues.delete(host);
    }
  }

  async #reported<T>(host: string, work: (redirectHosts: readonly string[]) => Promise<T>): Promise<T> {
    this.#breaker.admit(host);
    try {
      const result = await this.#redirected(work);
      this.#breaker.succeeded(host);
      return result;
    } catch (error) {
      if (isSisError(error, "SOURCE_TIMEOUT")) this.#breaker.timedOut(host);
      throw error;
    }
  }

  async #redirected<T>(work: (redirectHosts: readonly string[]) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work([...this.#redirectHosts]);
      } catch (error) {
        if (!isSisError(error, "SOURCE_NOT_ALLOWED")) throw error;
        const { redirectHost } = error.details;
        if (typeof redirectHost !== "string" || this.#redirectHosts.has(redirectHost)) throw error;
        // details of this error are public, but the host is not
        if (!(await this.#options.namesHost(redirectHost)))
          throw new SisError("SOURCE_NOT_ALLOWED", error.message, { cause: error });
        this.#redirectHosts.add(redirectHost);
      }
    }
  }

  #queueOf(host: string): WorkQueue {
    const known = this.#queues.get(host);
    if (known !== undefined) return known;
    const { perHost, waitingPerHost } = this.#options;
    const queue = new WorkQueue({ concurrency: perHost, limit: waitingPerHost });
    this.#queues.set(host, queue);
    return queue;
  }
}

function hostOf(location: string): string {
  return URL.canParse(location) ? new URL(location).host : location;
}
