import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { SisError } from "../errors/sis-error.ts";
import type { ImageDescription } from "../fits/image-description.ts";
import type { LevelJob } from "../imaging/level-job.ts";
import type { SourceAccess } from "../storage/sources.ts";
import type { SourceFile } from "./source-file.ts";
import { reviveError, type ThrownByThread } from "./thrown-by-thread.ts";

/** A job in which another thread takes part: plain data over shared memory. */
export interface BandTask {
  readonly source: SourceFile;
  readonly image: ImageDescription;
  readonly job: LevelJob;
  /** Over shared memory: set to 1 when nobody waits for the outcome any more. */
  readonly cancelled: Int32Array;
}

/** What comes back: how many pixels of the bands taken have no value, or what went wrong. */
export type BandsTaken = { readonly missing: number } | ThrownByThread;

/** A second thread for the pictures of whole frames that this thread makes, one at a time. It is started when it is needed, and ends with this one. */
export class BandHelper {
  readonly #access: SourceAccess;
  readonly #program: URL;
  #worker: Worker | undefined;
  #settle: ((outcome: BandsTaken | Error) => void) | undefined;

  /**
   * @param access what the thread may read
   * @param program of the thread; that beside this file without
   */
  constructor(
    access: SourceAccess,
    program = new URL(`./band-thread${extname(import.meta.url)}`, import.meta.url),
  ) {
    this.#access = access;
    this.#program = program;
  }

  /** Takes bands of a job as long as there are some (takeBands). Errors: those of the source, CANCELLED; INTERNAL when the thread fails. */
  async take(task: BandTask): Promise<number> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const outcome = new Promise<BandsTaken | Error>((resolve) => {
      this.#settle = resolve;
    });
    worker.ref();
    worker.postMessage(task);
    const taken = await outcome;
    worker.unref();
    if (taken instanceof Error) {
      // a picture of which it had no band is made without it
      const message = "a thread for bands of a frame failed";
      process.emitWarning(`${message}: ${taken.message}`);
      throw new SisError("INTERNAL", message, { cause: taken });
    }
    if ("thrown" in taken) throw reviveError(taken);
    return taken.missing;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { workerData: this.#access });
    const end = (error: Error) => {
      // it ends once; what is waited for later is another thread's
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#settle?.(error);
    };
    worker.on("message", (taken: BandsTaken) => this.#settle?.(taken));
    worker.on("error", end);
    worker.on("exit", () => end(new Error("it has ended")));
    return worker;
  }
}
