import { residentBytes } from "../../concurrency/exhaustion.ts";
import { ClientBuckets, type ClientLimit } from "../../http/client-buckets.ts";
import { addSamples, lastingSamples, type Samples, seriesName } from "../../observe/samples.ts";
import type { MasterAnswer, MasterQuestion, WorkerRequirement } from "../control/protocol.ts";
import type { WriteLog } from "../master-log.ts";
import { connectionsToClose } from "./balance.ts";
import { WorkerProcess, type WorkerState } from "./worker-process.ts";

/** What the pool needs to know. */
export interface WorkerPoolOptions {
  /** Path of the worker program and its arguments. */
  readonly program: string;
  readonly programArguments: readonly string[];
  readonly count: number;
  /** Whether one more process is kept prepared, to take the place of one that dies. */
  readonly spare: boolean;
  /** Milliseconds that a draining worker may use to finish what it is answering. */
  readonly drainMs: number;
  /** What a client may ask of all workers together; nothing: as much as it likes. */
  readonly clientLimit?: ClientLimit;
  readonly showOutput: boolean;
  readonly log: WriteLog;
  /** Values of the master itself, for monitoring. */
  readonly ownSamples: () => Samples;
  /** A worker that reports nothing for so many seconds hangs, and is replaced. */
  readonly silenceSeconds: number;
}

/** One worker, as `sbnsis status --json` shows it. */
export interface WorkerStatus {
  readonly pid: number;
  readonly ageSeconds: number;
  readonly rssBytes: number;
  readonly requests: number;
  readonly connections: number;
}

/** A worker that lived this long was sound: its end is not counted against the next one. */
const SOUND_MS = 2_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
const BALANCE_EVERY_MS = 2_000;

/** The workers of one master, all on the same listening socket. It keeps their number: one that dies is replaced, later and later when they keep dying. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Set<WorkerProcess>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #balancing: NodeJS.Timeout | undefined;
  #watching: NodeJS.Timeout | undefined;
  /** Whether the service runs, so that each worker that dies is replaced. */
  #started = false;
  #deaths = 0;
  #stopping = false;
  #leaving = false;
  #rolling: Promise<void> = Promise.resolve();
  #lasting: Samples = {};
  readonly #buckets: ClientBuckets | undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#buckets = options.clientLimit && new ClientBuckets(options.clientLimit);
  }

  /** Starts all workers; resolves when `least` of them are ready. Errors: OPERATION_FAILED with the reason of the first that could not. */
  async start(least: number, requirement: WorkerRequirement): Promise<void> {
    const starting = Array.from({ length: this.#options.count }, () => this.#begin({ requirement }).ready);
    await new Promise<void>((resolve, reject) => {
      let ready = 0;
      for (const one of starting) {
        one.then(() => ++ready === Math.min(least, starting.length) && resolve(), reject);
      }
    });
    this.#started = true;
    void Promise.allSettled(starting).then(() => this.#fill());
    this.#balancing = setInterval(() => this.#balance(), BALANCE_EVERY_MS);
    this.#balancing.unref();
    this.#watching = setInterval(() => this.#endSilent(), 1_000);
    this.#watching.unref();
  }

  /** The workers that take requests. */
  status(): WorkerStatus[] {
    const now = performance.now();
    return this.#ready().map((worker) => ({
      pid: worker.pid!,
      ageSeconds: Math.round((now - worker.startedAt) / 100) / 10,
      rssBytes: worker.stats.rssBytes,
      requests: worker.stats.requests,
      connections: worker.stats.connections,
    }));
  }

  /** Replaces the workers one after the other: each goes when its successor is ready. Errors: OPERATION_FAILED; then the old ones stay. */
  roll(): Promise<void> {
    const roll = this.#rolling.then(async () => {
      // the spare holds the old code
      for (const spare of [...this.#workers].filter((worker) => worker.isSpare)) this.#drain(spare);
      for (const old of this.#ready()) {
        if (this.#stopping) return;
        try {
          await this.#begin({ requirement: "everything" }).ready;
        } catch (error) {
          if (this.#stopping) return;
          throw error;
        }
        this.#drain(old);
      }
    });
    this.#rolling = roll.catch(() => undefined).finally(() => this.#keepSpare());
    return roll;
  }

  /** Lets all workers say that the service is about to end, while they take requests. */
  leave(): void {
    this.#leaving = true;
    for (const worker of this.#workers) worker.send({ type: "leave" });
  }

  /** Lets all workers finish; resolves when none accepts a connection any more. */
  async stopListening(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#balancing);
    clearInterval(this.#watching);
    for (const timer of this.#timers) clearTimeout(timer);
    for (const worker of this.#workers) this.#drain(worker);
    await Promise.all([...this.#workers].map((worker) => worker.deaf));
  }

  /** Lets all workers finish and ends those that do not; resolves when none is left. */
  async stop(): Promise<void> {
    await this.stopListening();
    await Promise.all([...this.#workers].map((worker) => worker.ended));
  }

  /** Resolves when every worker has opened its log files anew, with the reasons of those that it could not open, each once. */
  async reopenLogs(): Promise<readonly string[]> {
    const living = [...this.#workers].filter((worker) => worker.state !== "starting");
    const problems = await Promise.all(living.map((worker) => worker.reopenLogs()));
    return [...new Set(problems.flat())];
  }

  #ready(): WorkerProcess[] {
    return [...this.#workers].filter((worker) => worker.state === "ready");
  }

  #begin({ spare = false, requirement = "nothing" as WorkerRequirement }): WorkerProcess {
    const { program, programArguments, showOutput, log } = this.#options;
    const worker = new WorkerProcess({
      program,
      programArguments,
      showOutput,
      spare,
      requirement,
      onQuestion: (asking, question) => this.#answer(asking, question),
      onEnded: (ended, was, how) => this.#ended(ended, was, how),
    });
    this.#workers.add(worker);
    worker.ready.then(
      () => {
        log("INFO", { event: "worker ready", pid: worker.pid });
        if (this.#leaving) worker.send({ type: "leave" });
      },
      () => undefined,
    );
    return worker;
  }

  #answer(asking: WorkerProcess, question: MasterQuestion): MasterAnswer {
    if (question.about === "samples") return { about: "samples", samples: this.#samplesBut(asking) };
    return { about: "turn", waitMs: this.#buckets?.take(question.client) ?? 0 };
  }

  #ended(worker: WorkerProcess, was: WorkerState, how: string): void {
    this.#workers.delete(worker);
    this.#lasting = addSamples([this.#lasting, lastingSamples(worker.stats.samples)]);
    if (was === "draining" || this.#stopping) return;
    this.#lasting = addSamples([this.#lasting, { sbnsis_worker_deaths_total: 1 }]);
    const { log } = this.#options;
    const { pid, reason, lastLines } = worker;
    log("ERROR", { event: "worker ended", pid, how, reason, last_lines: lastLines.slice(-8) });
    // before that the start fails as a whole, with the reason
    if (this.#started) this.#replace(was === "starting" ? undefined : worker);
  }

  /**
   * Ends workers that hang: their event loop stands still, so they neither report nor answer. Reports are counted in turns of this master's own timer, so
   * that a machine that was asleep, or a master that was stopped, condemns nobody.
   */
  #endSilent(): void {
    const { silenceSeconds } = this.#options;
    for (const worker of this.#workers) {
      if (worker.countSilence() >= silenceSeconds) worker.kill(`no report for ${silenceSeconds} s`);
    }
  }

  /** Brings the number of workers back, after a pause when they keep dying. */
  #replace(dead: WorkerProcess | undefined): void {
    if (this.#stopping) return;
    this.#deaths =
      dead !== undefined && performance.now() - dead.startedAt >= SOUND_MS ? 0 : this.#deaths + 1;
    const pause =
      this.#deaths <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#deaths - 2));
    if (pause === 0) {
      this.#fill();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#fill();
    }, pause);
    this.#timers.add(timer);
  }

  /** Brings the number of workers up to the count: the spare takes a place, others start anew; then another spare is prepared. */
  #fill(): void {
    if (this.#stopping) return;
    const serving = [...this.#workers].filter((worker) => !worker.isSpare && worker.state !== "draining");
    const missing = this.#options.count - serving.length;
    if (missing <= 0) {
      this.#keepSpare();
      return;
    }
    const spare = [...this.#workers].find((worker) => worker.isSpare);
    spare?.serve();
    const begun = Array.from({ length: missing }, (_, i) => (i === 0 && spare) || this.#begin({}));
    // one that could not start has its own end, which replaces it
    void Promise.allSettled(begun.map((worker) => worker.ready)).then(() => this.#keepSpare());
  }

  #keepSpare(): void {
    if (!this.#options.spare || this.#stopping) return;
    if ([...this.#workers].some((worker) => worker.isSpare)) return;
    this.#begin({ spare: true });
  }

  #balance(): void {
    const workers = this.#ready();
    const counts = workers.map((worker) => worker.stats.connections);
    for (const [i, count] of connectionsToClose(counts).entries()) {
      if (count > 0) workers[i]!.send({ type: "close-connections", count });
    }
  }

  /** What all processes but one have to tell; that one knows its own better. */
  #samplesBut(asking: WorkerProcess): Samples {
    const others = [...this.#workers].filter((worker) => worker !== asking && !worker.isSpare);
    const pid = process.pid;
    const own: Record<string, number> = {
      sbnsis_workers: this.#ready().length,
      [seriesName("sbnsis_process_resident_memory_bytes", { pid, role: "master" })]: residentBytes(),
      ...this.#options.ownSamples(),
    };
    return addSamples([own, this.#lasting, ...others.map((worker) => worker.stats.samples)]);
  }

  #drain(worker: WorkerProcess): void {
    worker.drain(this.#options.drainMs);
  }
}
