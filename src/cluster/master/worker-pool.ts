import { residentBytes } from "../../concurrency/exhaustion.ts";
import { ClientBuckets, type ClientLimit } from "../../http/client-buckets.ts";
import { addSamples, lastingSamples, type Samples, seriesName } from "../../observe/samples.ts";
import type { MasterReply, MasterRequest, WorkerRequirement } from "../control/protocol.ts";
import type { WriteLog } from "../master-log.ts";
import { WorkerProcess, type WorkerState } from "./worker-process.ts";

/** Deviation from the mean up to which workers are left alone. */
const TOLERATED_SHARE = 0.25;
const TOLERATED_COUNT = 1;

/**
 * How many connections each worker should close so that their clients reconnect to another one.
 * Keep-alive connections stay where they were accepted: without this, a worker that was alone for a
 * moment, after a start or a death, would keep all of them.
 */
export function connectionsToClose(connections: readonly number[]): number[] {
  const mean = connections.reduce((sum, count) => sum + count, 0) / Math.max(1, connections.length);
  const tolerated = mean + Math.max(TOLERATED_COUNT, mean * TOLERATED_SHARE);
  return connections.map((count) => (count > tolerated ? count - Math.ceil(mean) : 0));
}

/** What the pool needs. */
export interface WorkerPoolOptions {
  /** Path of the worker program and its arguments. */
  readonly program: string;
  readonly programArguments: readonly string[];
  readonly count: number;
  /** Whether a spare process is kept ready to replace one that dies. */
  readonly spare: boolean;
  /** Milliseconds that a draining worker may use to finish its requests. */
  readonly drainMs: number;
  /** Rate limit of a client across all workers; defaults to no limit. */
  readonly clientLimit?: ClientLimit;
  readonly showOutput: boolean;
  readonly log: WriteLog;
  /** Values of the master itself, for monitoring. */
  readonly ownSamples: () => Samples;
  /** A worker that reports nothing for this many seconds hangs, and is replaced. */
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

/** A worker that lived this long was sound: its end does not delay its replacement. */
const SOUND_MS = 2_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
const BALANCE_EVERY_MS = 2_000;

/**
 * The workers of one master, all on the same listening socket. It maintains their number: a worker
 * that dies is replaced, with increasing delays if they keep dying.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Set<WorkerProcess>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #balancing: NodeJS.Timeout | undefined;
  #watching: NodeJS.Timeout | undefined;
  /** Whether the service is running, so that each worker that dies is replaced. */
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

  /**
   * Starts all workers; resolves when `least` of them are ready. Errors: OPERATION_FAILED with the
   * reason of the first that failed.
   */
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

  /**
   * Replaces the workers one by one: each leaves when its successor is ready. Errors:
   * OPERATION_FAILED; the old ones then stay.
   */
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

  /** Makes all workers report that the service is about to end, while they take requests. */
  leave(): void {
    this.#leaving = true;
    for (const worker of this.#workers) worker.send({ type: "leave" });
  }

  /** Lets all workers finish; resolves when none accepts connections any more. */
  async stopListening(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#balancing);
    clearInterval(this.#watching);
    for (const timer of this.#timers) clearTimeout(timer);
    for (const worker of this.#workers) this.#drain(worker);
    await Promise.all([...this.#workers].map((worker) => worker.closed));
  }

  /** Lets all workers finish and ends those that do not; resolves when none is left. */
  async stop(): Promise<void> {
    await this.stopListening();
    await Promise.all([...this.#workers].map((worker) => worker.ended));
  }

  /**
   * Resolves when every worker has reopened its log files, with the distinct reasons for those that
   * it could not open.
   */
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
      onRequest: (worker, request) => this.#reply(worker, request),
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

  #reply(worker: WorkerProcess, request: MasterRequest): MasterReply {
    if (request.about === "samples") return { about: "samples", samples: this.#samplesBut(worker) };
    return { about: "turn", waitMs: this.#buckets?.take(request.client) ?? 0 };
  }

  #ended(worker: WorkerProcess, was: WorkerState, how: string): void {
    this.#workers.delete(worker);
    this.#lasting = addSamples([this.#lasting, lastingSamples(worker.stats.samples)]);
    const { log } = this.#options;
    const { pid, reason, lastLines } = worker;
    if (was === "draining" && how !== "exit 0" && how !== "SIGTERM") {
      log("WARNING", {
        event: "worker did not finish its requests",
        pid,
        how,
        last_lines: lastLines.slice(-8),
      });
    }
    if (was === "draining" || this.#stopping) return;
    this.#lasting = addSamples([this.#lasting, { sbnsis_worker_deaths_total: 1 }]);
    log("ERROR", { event: "worker ended", pid, how, reason, last_lines: lastLines.slice(-8) });
    // before that the start fails as a whole, with the reason
    if (this.#started) this.#replace(was === "starting" ? undefined : worker);
  }

  /**
   * Ends workers that hang: their event loop is blocked, so they neither report nor respond.
   * Silence is counted in ticks of this master's own timer, so that a suspended machine or a
   * stopped master does not count against the workers.
   */
  #endSilent(): void {
    const { silenceSeconds } = this.#options;
    for (const worker of this.#workers) {
      if (worker.countSilence() >= silenceSeconds) worker.kill(`no report for ${silenceSeconds} s`);
    }
  }

  /** Restores the number of workers, after a pause if they keep dying. */
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

  /**
   * Restores the number of workers: the spare fills one place, new processes the others; then
   * another spare is prepared.
   */
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
    const started = Array.from({ length: missing }, (_, i) => (i === 0 && spare) || this.#begin({}));
    // one that could not start has an exit of its own, which triggers its replacement
    void Promise.allSettled(started.map((worker) => worker.ready)).then(() => this.#keepSpare());
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

  /** Samples of all processes but one, which knows its own better. */
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
