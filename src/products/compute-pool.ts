import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { SisError } from "../errors/sis-error.ts";
import type { SourceAccess } from "../storage/sources.ts";
import type { ComputeResult, ComputeTask, ThreadWarning } from "./compute-task.ts";
import type { ComputeLoad } from "./product.ts";
import { THREAD_FLAGS } from "./thread-flags.ts";
import { reviveError, type ThrownByThread } from "./thrown-by-thread.ts";
import { WorkQueue } from "./work-queue.ts";

/** Size of the pool. */
export interface ComputePoolOptions {
  /** What the threads may read. */
  readonly access: SourceAccess;
  /** Threads of this process that decode and encode. */
  readonly threads: number;
  /** Tasks that may wait for a thread; one more is OVERLOADED. */
  readonly maximumQueue: number;
  /** Threads that stay when there is nothing to do, with the memory they have; 1 without. */
  readonly idleThreads?: number;
  /** Is told what threads have to say for the log. */
  readonly warn?: (warning: string) => void;
  /** The program of a thread; that beside this file without. */
  readonly program?: string;
}

/** The threads of one worker process that read, decode, encode and write. */
export class ComputePool {
  readonly #pool: Piscina;
  readonly #queue: WorkQueue;
  #tasks = 0;
  #seconds = 0;

  constructor({ access, threads, maximumQueue, idleThreads = 1, warn, program }: ComputePoolOptions) {
    const beside = new URL(`./compute-thread${extname(import.meta.url)}`, import.meta.url);
    this.#pool = new Piscina({
      filename: program ?? fileURLToPath(beside),
      minThreads: idleThreads,
      maxThreads: threads,
      workerData: access,
      execArgv: [...THREAD_FLAGS],
      idleTimeout: idleThreads === 0 ? 5_000 : 60_000,
      concurrentTasksPerWorker: 1,
    });
    // a thread that ends without a task, as when its program was replaced beneath it, is no reason to end the worker: its next task fails, or not
    this.#pool.on("error", () => undefined);
    this.#pool.on("message", ({ warning }: ThreadWarning) => warn?.(warning));
    this.#queue = new WorkQueue({ concurrency: threads, limit: maximumQueue });
  }

  /** What the threads have to do now, and what they have done. */
  get load(): ComputeLoad {
    const { waiting, running, limit } = this.#queue;
    return { waiting, running, limit, tasks: this.#tasks, seconds: this.#seconds };
  }

  /** Errors: OVERLOADED when one more task could not even wait. */
  refuseWhenFull(): void {
    this.#queue.refuseWhenFull();
  }

  /**
   * Runs a task in a thread. Errors: what the task throws, OVERLOADED, CANCELLED when `signal` is aborted before the task is taken up.
   * Once it runs it ends early only when its flag is raised.
   */
  async run<T extends ComputeTask>(task: T, signal?: AbortSignal): Promise<ComputeResult<T>> {
    const outcome = await this.#queue.run(() => this.#inThread(task), signal);
    if ("thrown" in outcome) throw reviveError(outcome);
    return outcome.value;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #inThread<T extends ComputeTask>(
    task: T,
  ): Promise<{ readonly value: ComputeResult<T> } | ThrownByThread> {
    const started = performance.now();
    try {
      return await this.#pool.run(task, { name: "runInThread" });
    } catch (cause) {
      throw new SisError("INTERNAL", "a compute thread failed", { cause });
    } finally {
      this.#tasks++;
      this.#seconds += (performance.now() - started) / 1000;
    }
  }
}
