import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { ImageDescription } from "@sbnsis/fits";
import type { BandJob } from "@sbnsis/imaging";
import type { SourceAccess } from "../../archive/sources.ts";
import { cancelled } from "../../concurrency/cancellation.ts";
import { reviveError, type ThrownByThread } from "../../concurrency/threads.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import type { SourceFile } from "../request/source-file.ts";
import type { OverviewJob } from "../tiles/overview/overview-job.ts";
import type { TaskMemory } from "./memory-budget.ts";

/** A job that another thread shares: plain data over shared memory. */
export interface BandTask {
  readonly source: SourceFile;
  readonly image: ImageDescription;
  readonly job: BandJob | OverviewJob;
  /** In shared memory: set to 1 when nobody is waiting for the outcome any more. */
  readonly cancelled: Int32Array;
  /** Counts what the thread takes of the shared memory budget. */
  readonly memory?: TaskMemory;
}

/**
 * The message to the thread; the response with the same id says how many bands it took, or what
 * went wrong.
 */
export type NumberedTask = BandTask & { readonly id: number };
export type BandsTaken = { readonly id: number } & ({ readonly bands: number } | ThrownByThread);

/**
 * A second thread for the pictures and overviews of whole frames that this thread makes, one at a
 * time. It is started on demand, and ends with this one.
 */
export class BandHelper {
  readonly #access: SourceAccess;
  readonly #warn: (warning: string) => void;
  readonly #program: URL;
  #worker: Worker | undefined;
  #isClosed = false;
  #tasks = 0;
  /** Tasks in progress; the previous one may not have finished when the next one starts. */
  readonly #waiting = new Map<number, (outcome: BandsTaken | Error) => void>();

  /**
   * @param access what the thread may read
   * @param warn is called when the thread fails; a picture is made without it if it has not taken
   *   any of its bands
   * @param program of the thread; defaults to the one beside this file
   */
  constructor(
    access: SourceAccess,
    warn: (warning: string) => void,
    program = new URL(`./band-thread${extname(import.meta.url)}`, import.meta.url),
  ) {
    this.#access = access;
    this.#warn = warn;
    this.#program = program;
  }

  /**
   * Takes bands of a job as long as there are any, and returns how many it took.
   * Errors: those of the source, CANCELLED; INTERNAL when the thread fails.
   */
  async take(task: BandTask): Promise<number> {
    try {
      return await this.#inThread(task);
    } catch (error) {
      const isCancelled = isSisError(error) && error.code === "CANCELLED";
      if (!isCancelled) this.#warn(`the second thread for a picture failed: ${reasonOf(error)}`);
      throw error;
    }
  }

  /** Ends the thread; tasks that it has not finished fail with CANCELLED. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  async #inThread(task: BandTask): Promise<number> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = this.#tasks++;
    worker.postMessage({ ...task, id } satisfies NumberedTask);
    const outcome = new Promise<BandsTaken | Error>((resolve) => this.#waiting.set(id, resolve));
    worker.ref();
    const taken = await outcome;
    if (this.#waiting.size === 0) worker.unref();
    if (taken instanceof Error && this.#isClosed) throw cancelled();
    if (taken instanceof Error)
      throw new SisError("INTERNAL", "a thread for bands of a frame failed", { cause: taken });
    if ("thrown" in taken) throw reviveError(taken);
    return taken.bands;
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { workerData: this.#access });
    const end = (error: Error) => {
      // it ends only once; later tasks belong to another thread
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const id of [...this.#waiting.keys()]) this.#finish(id, error);
    };
    worker.on("message", (taken: BandsTaken) => this.#finish(taken.id, taken));
    worker.on("error", end);
    worker.on("exit", () => end(new Error("it has ended")));
    return worker;
  }

  #finish(id: number, outcome: BandsTaken | Error): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(outcome);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
