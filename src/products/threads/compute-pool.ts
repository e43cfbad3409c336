import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { SourceAccess } from "../../archive/sources.ts";
import { cancelled } from "../../concurrency/cancellation.ts";
import { describeThrown, reviveError, THREAD_FLAGS, type ThrownByThread } from "../../concurrency/threads.ts";
import { type TaskOwner, WorkQueue } from "../../concurrency/work-queue.ts";
import { SisError } from "../../errors/sis-error.ts";
import { traceFields } from "../../observe/trace-fields.ts";
import { removePartsOf } from "../cache/place-product.ts";
import type { ComputeLoad } from "../product.ts";
import type { ComputeResult, ComputeTask, ThreadData, ThreadWarning } from "./compute-task.ts";
import { MemoryBudget } from "./memory-budget.ts";

/** Options of the pool. */
export interface ComputePoolOptions {
  /** What the threads may read. */
  readonly access: SourceAccess;
  /** Number of threads of this process that decode and encode. */
  readonly threads: number;
  /** Number of tasks that may wait for a thread; the next one is refused as OVERLOADED. */
  readonly maximumQueue: number;
  /** Number of idle threads that are kept, with their memory; defaults to 1. */
  readonly idleThreads?: number;
  /** How long they are kept, in milliseconds; defaults to a minute, 5 s if none are kept. */
  readonly idleMs?: number;
  /**
   * How much lower the priority of the threads is than normal; see lowerPriority. Defaults to 0.
   */
  readonly niceness?: number;
  /** Receives warnings of threads for the log. */
  readonly warn?: (warning: string) => void;
  /** The program of a thread; defaults to the one beside this file. */
  readonly program?: string;
  /** Memory shared with the tasks of other pools; defaults to no limit. */
  readonly budget?: MemoryBudget;
  /** Time limit of one task in a thread, in milliseconds; defaults to none. */
  readonly taskMs?: number;
  /** How long a cancelled task may continue before its thread is terminated, in milliseconds. */
  readonly graceMs?: number;
}

/** Default of that grace period, in milliseconds. */
const GRACE_MS = 10_000;
/** Limit of a thread's JavaScript heap, in MB; pixels and bytes are not part of it. */
const HEAP_MB = 512;
/** Memory budget of a task that is counted but not limited. */
const UNBOUNDED = 2 ** 40;

/** The threads of one worker process that read, decode, encode and write. */
export class ComputePool {
  readonly #pool: Piscina;
  readonly #queue: WorkQueue;
  readonly #budget: MemoryBudget;
  readonly #taskMs: number | undefined;
  readonly #graceMs: number;
  #tasks = 0;
  #seconds = 0;
  #timeouts = 0;
  #endedThreads = 0;
  #threads = 0;
  #isStarting = false;
  #isClosed = false;

  constructor(options: ComputePoolOptions) {
    const { access, threads, maximumQueue, idleThreads = 1, niceness = 0, warn, program } = options;
    this.#budget = options.budget ?? new MemoryBudget(UNBOUNDED);
    this.#taskMs = options.taskMs;
    this.#graceMs = options.graceMs ?? GRACE_MS;
    const beside = new URL(`./compute-thread${extname(import.meta.url)}`, import.meta.url);
    this.#pool = new Piscina({
      filename: program ?? fileURLToPath(beside),
      minThreads: idleThreads,
      maxThreads: threads,
      workerData: { access, niceness } satisfies ThreadData,
      execArgv: [...THREAD_FLAGS],
      idleTimeout: options.idleMs ?? (idleThreads === 0 ? 5_000 : 60_000),
      concurrentTasksPerWorker: 1,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    // a thread that ends while idle, for example because its program was replaced, is no reason to
    // end the worker: its next task may fail or not
    this.#pool.on("error", () => undefined);
    this.#pool.on("workerCreate", () => {
      this.#threads++;
    });
    this.#pool.on("workerDestroy", () => {
      this.#threads--;
    });
    this.#pool.on("message", ({ warning }: ThreadWarning) => warn?.(warning));
    this.#queue = new WorkQueue({ concurrency: threads, limit: maximumQueue });
  }

  /** Current and past work of the threads. */
  get load(): ComputeLoad {
    const { waiting, foreground, running, limit } = this.#queue;
    return {
      waiting,
      foreground,
      running,
      limit,
      tasks: this.#tasks,
      seconds: this.#seconds,
      timeouts: this.#timeouts,
      endedThreads: this.#endedThreads,
    };
  }

  /** Whether a task would not have to wait until a thread has started, which takes a while. */
  get hasThread(): boolean {
    return this.#threads > 0;
  }

  /** Starts a thread if there is none. */
  start(): void {
    if (this.hasThread || this.#isStarting || this.#isClosed) return;
    this.#isStarting = true;
    // a thread that cannot be started is the error of the tasks that need it
    const started = this.#pool.run(undefined, { name: "start" }).catch(() => undefined);
    void started.then(() => {
      this.#isStarting = false;
    });
  }

  /** Errors: OVERLOADED when one more task of `client` could not be queued. */
  refuseWhenFull(client?: string): void {
    this.#queue.refuseWhenFull(client);
  }

  /**
   * Runs a task in a thread. Errors: what the task throws, OVERLOADED, CANCELLED when `signal` is
   * aborted before the task starts or when the pool is closed, TASK_TIMEOUT when it takes too
   * long, MEMORY_EXCEEDED when there can never be enough memory. A task that lacks memory is run
   * again when there is enough. A running task ends early when its flag is set.
   */
  async run<T extends ComputeTask>(
    task: T,
    signal?: AbortSignal,
    owner?: TaskOwner,
  ): Promise<ComputeResult<T>> {
    const trace = traceFields();
    for (let wanted = 0; ; ) {
      const memory = await this.#budget.reserve(wanted, signal);
      try {
        const outcome = await this.#queue.run(
          () => this.#inThread({ ...task, memory, ...(trace && { trace }) }, signal),
          signal,
          owner,
        );
        if (!("thrown" in outcome)) return outcome.value;
        const error = reviveError(outcome);
        if (error.code !== "MEMORY_SHORT") throw error;
        wanted = Number(error.details.bytes);
      } finally {
        this.#budget.release(memory);
      }
    }
  }

  /** Terminates the threads; tasks that still run or wait fail with CANCELLED. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool.destroy();
  }

  async #inThread<T extends ComputeTask>(
    task: T,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly value: ComputeResult<T> } | ThrownByThread> {
    const started = performance.now();
    const watch = watchTask(task, this.#taskMs, this.#graceMs, signal);
    try {
      const outcome = await this.#pool.run(task, { name: "runInThread", signal: watch.end });
      if (!watch.isLate()) return outcome;
      this.#timeouts++;
      return "thrown" in outcome ? describeThrown(late(this.#taskMs)) : outcome;
    } catch (cause) {
      if (this.#isClosed) throw cancelled();
      if (!watch.end.aborted) throw threadError(cause);
      this.#endedThreads++;
      if ("path" in task) removePartsOf(task.path);
      if (!watch.isLate()) throw cancelled();
      this.#timeouts++;
      throw late(this.#taskMs);
    } finally {
      watch.stop();
      this.#tasks++;
      this.#seconds += (performance.now() - started) / 1000;
    }
  }
}

/**
 * Sets the flag of a task that takes too long, and terminates its thread if it continues
 * nevertheless; the latter also when nobody is waiting for it any more.
 */
function watchTask(
  { cancelled }: ComputeTask,
  taskMs: number | undefined,
  graceMs: number,
  signal: AbortSignal | undefined,
) {
  const ending = new AbortController();
  let isLate = false;
  let grace: NodeJS.Timeout | undefined;
  const endSoon = () => {
    grace ??= setTimeout(() => ending.abort(), graceMs);
  };
  const limit =
    taskMs === undefined
      ? undefined
      : setTimeout(() => {
          isLate = true;
          Atomics.store(cancelled, 0, 1);
          endSoon();
        }, taskMs);
  if (signal?.aborted === true) endSoon();
  else signal?.addEventListener("abort", endSoon, { once: true });
  return {
    /** Aborted when the thread has to be terminated. */
    end: ending.signal,
    isLate: () => isLate,
    stop: () => {
      clearTimeout(limit);
      clearTimeout(grace);
      signal?.removeEventListener("abort", endSoon);
    },
  };
}

function late(taskMs: number | undefined): SisError {
  return new SisError("TASK_TIMEOUT", `a product took longer than ${(taskMs ?? 0) / 1000} seconds`);
}

function threadError(cause: unknown): SisError {
  if ((cause as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY")
    return new SisError("MEMORY_EXCEEDED", "a compute thread ran out of memory for its objects", { cause });
  return new SisError("INTERNAL", "a compute thread failed", { cause });
}
