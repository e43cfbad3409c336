import { setTimeout as sleep } from "node:timers/promises";
import { cancelled } from "../concurrency/cancellation.ts";
import { isSisError } from "../errors/sis-error.ts";
import { inSpan } from "../observe/tracing.ts";
import type { Claim, ItemResult, Job, JobItem } from "./job.ts";
import type { JobQueue } from "./job-store.ts";
import { ResultBuffer } from "./result-buffer.ts";

/** What a runner needs. */
export interface JobRunnerOptions {
  readonly queue: JobQueue;
  readonly handlers: JobHandlers;
  /** Names this process, for people. */
  readonly node: string;
  /**
   * Time after which another process may claim the chunk of one that does not renew it,
   * milliseconds.
   */
  readonly leaseMs: number;
  /** Whether single requests need the threads now; defaults to never. */
  readonly isBusy?: () => boolean;
  /** Receives what an operator should know. */
  readonly warn?: (warning: string) => void;
}

/** How often an idle runner looks for jobs that another process has queued, milliseconds. */
const POLL_MS = 250;
/** Pause while the database cannot be used, milliseconds. */
const AWAY_MS = 1_000;
/** A job that was aborted stops within this time, milliseconds. */
const RENEW_MS = 1_000;
/** A chunk is returned after this time, so that clients take turns, milliseconds. */
const TURN_MS = 2_000;
const SWEEP_MS = 60_000;
/** First pause before a chunk that failed is claimed again; doubled each time. Milliseconds. */
const BACKOFF_MS = 1_000;
const MAXIMUM_ATTEMPTS = 5;
/** A database that cannot be used is reported at most this often, milliseconds. */
const QUIET_MS = 60_000;
/** Time that the item in progress gets when the process ends, milliseconds. */
const DRAIN_MS = 2_000;

/**
 * Runs jobs in this process, one chunk at a time, with lower priority than single requests. If the
 * process ends, others claim what it was running.
 */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #ending = new AbortController();
  #isDraining = false;
  #wake = () => {};
  #isAwake = false;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #quietUntil = Number.NEGATIVE_INFINITY;
  #loop: Promise<void> | undefined;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    options.queue.onQueued(() => this.#notify());
  }

  /** Begins to claim chunks. */
  start(): void {
    this.#loop ??= this.#run();
  }

  /** Stops claiming, and returns the rest of its chunk after the item in progress. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#notify();
    const late = setTimeout(() => this.#ending.abort(cancelled()), DRAIN_MS);
    await this.#loop;
    clearTimeout(late);
  }

  #notify(): void {
    this.#isAwake = true;
    this.#wake();
  }

  async #run(): Promise<void> {
    const { queue, handlers, node, leaseMs } = this.#options;
    const options = { leaseMs, kinds: Object.keys(handlers), maximumAttempts: MAXIMUM_ATTEMPTS };
    while (!this.#isDraining) {
      let pause = POLL_MS;
      try {
        const claim =
          options.kinds.length > 0 && queue.exists() ? await queue.claim(node, options) : undefined;
        if (claim !== undefined) {
          await this.#runClaim(claim);
          pause = 0;
        } else await this.#sweep();
      } catch (error) {
        this.#report(error);
        pause = AWAY_MS;
      }
      if (pause > 0) await this.#idle(pause);
    }
  }

  /** Waits for a job queued in this process, at most `ms`. */
  #idle(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#isAwake = false;
        this.#wake = () => {};
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#wake = end;
      if (this.#isAwake || this.#isDraining) end();
    });
  }

  async #sweep(): Promise<void> {
    const now = performance.now();
    if (now - this.#sweptAt < SWEEP_MS || !this.#options.queue.exists()) return;
    this.#sweptAt = now;
    await this.#options.queue.sweep();
  }

  async #runClaim(claim: Claim): Promise<void> {
    const { queue, handlers, leaseMs, isBusy = () => false } = this.#options;
    const ending = new AbortController();
    const end = () => ending.abort(cancelled());
    this.#ending.signal.addEventListener("abort", end, { once: true });
    const renewing = setInterval(
      () => {
        queue.renew(claim, leaseMs).then(
          (held) => held || end(),
          (error: unknown) => this.#report(error),
        );
      },
      Math.min(RENEW_MS, leaseMs / 3),
    );
    const results = new ResultBuffer(queue, claim, leaseMs, ending.signal);
    const started = performance.now();
    let isGivenBack = false;
    const turn = async () => {
      isGivenBack ||= this.#isDraining || performance.now() - started > TURN_MS;
      if (isGivenBack || ending.signal.aborted) throw cancelled();
      await quietTurn(isBusy, ending.signal).catch(() => {
        throw cancelled();
      });
    };
    try {
      const { job, items } = claim;
      const report = results.store.bind(results);
      await inSpan("job chunk", { "sbnsis.job": job.id, "sbnsis.chunk": claim.chunk }, async () => {
        await handlers[job.kind]?.({ job, items, turn, report }, ending.signal);
      });
      // the chunk has no items left, unless a retry came meanwhile
      await queue.release(claim);
    } catch (error) {
      if (isGivenBack || ending.signal.aborted) await queue.release(claim);
      else await this.#fail(claim, error);
    } finally {
      clearInterval(renewing);
      this.#ending.signal.removeEventListener("abort", end);
    }
  }

  async #fail(claim: Claim, error: unknown): Promise<void> {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#options.warn?.(`chunk ${claim.chunk} of job ${claim.job.id} failed: ${reason}`);
    await this.#options.queue.fail(claim, {
      code: isSisError(error) ? error.code : "INTERNAL",
      detail: "Some rows could not be made; the log of the service has the reason.",
      backoffMs: BACKOFF_MS * 2 ** (claim.attempts - 1),
      maximumAttempts: MAXIMUM_ATTEMPTS,
    });
  }

  #report(error: unknown): void {
    const now = performance.now();
    if (now < this.#quietUntil) return;
    this.#quietUntil = now + QUIET_MS;
    this.#options.warn?.(`jobs are waiting: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** How often the threads are checked while they are busy, milliseconds. */
const CHECK_MS = 4;
/** A job gets a turn after this time even if single requests never pause, milliseconds. */
const LONGEST_WAIT_MS = 1_000;

/**
 * Waits until the threads are free, so that single requests come first; they slow a job down, but
 * do not stop it. Errors: AbortError when `signal` is aborted.
 */
async function quietTurn(isBusy: () => boolean, signal: AbortSignal): Promise<void> {
  const end = performance.now() + LONGEST_WAIT_MS;
  while (isBusy() && performance.now() < end) await sleep(CHECK_MS, undefined, { signal });
}

/** One chunk of a job, for a handler. */
interface ChunkWork {
  readonly job: Job;
  /** The items without a result. */
  readonly items: readonly JobItem[];
  /**
   * Waits until no single request needs the threads. Await it before each product. Errors:
   * CANCELLED.
   */
  turn(): Promise<void>;
  /**
   * Stores the result of an item; resolves when it is stored. Errors: CANCELLED when the claim is
   * lost or the job was aborted.
   */
  report(result: ItemResult): Promise<void>;
}

/**
 * Runs the items of a kind of job, one after the other, and reports each as it is finished. An item
 * that fails is a result; only faults of the service itself are thrown, and the rest of the chunk
 * is then tried again later. Stops soon after `signal` is aborted.
 */
export type JobHandler = (work: ChunkWork, signal: AbortSignal) => Promise<void>;

/** Handlers by the kinds of their jobs. */
export type JobHandlers = Readonly<Record<string, JobHandler>>;
