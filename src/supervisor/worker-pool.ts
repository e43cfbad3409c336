import { type ChildProcess, spawn } from "node:child_process";
import { SisError } from "../errors/sis-error.ts";
import type { MasterLog } from "./master-log.ts";
import { DRAIN_MS, SOCKET_FD, type WorkerCommand, type WorkerMessage } from "./protocol.ts";

/** What the pool needs to know. */
export interface WorkerPoolOptions {
  /** Path of the worker program and its arguments. */
  readonly program: string;
  readonly programArguments: readonly string[];
  readonly count: number;
  /** Whether workers write to this process's own stderr; otherwise only the last lines of each are kept, to explain its end. */
  readonly showOutput: boolean;
  readonly log: MasterLog;
}

/** One worker, as `sbnsis status --json` shows it. */
export interface WorkerStatus {
  readonly pid: number;
  readonly ageSeconds: number;
  readonly rssBytes: number;
  readonly requests: number;
}

interface Worker {
  readonly child: ChildProcess;
  readonly startedAt: number;
  readonly ended: Promise<void>;
  state: "starting" | "ready" | "draining" | "ended";
  requests: number;
  rssBytes: number;
  lastLines: string[];
  reason: string | undefined;
  onReopened: (() => void) | undefined;
}

/** A worker that lived this long was sound: its end is not counted against the next one. */
const SOUND_MS = 2_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
const READY_TIMEOUT_MS = 60_000;

/** The workers of one master, all on the same listening socket. It keeps their number: one that dies is replaced, later and later when they keep dying. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Set<Worker>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #deaths = 0;
  #stopping = false;
  #rolling: Promise<void> = Promise.resolve();

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** Starts all workers; resolves when `least` of them are ready. Errors: OPERATION_FAILED with the reason of the first that could not. */
  async start(least: number): Promise<void> {
    const starting = Array.from({ length: this.#options.count }, () => this.#readyWorker());
    await new Promise<void>((resolve, reject) => {
      let ready = 0;
      for (const one of starting) {
        one.then(() => ++ready === Math.min(least, starting.length) && resolve(), reject);
      }
    });
  }

  /** The workers that take requests. */
  status(): WorkerStatus[] {
    const now = Date.now();
    return [...this.#workers]
      .filter((worker) => worker.state === "ready")
      .map((worker) => ({
        pid: worker.child.pid!,
        ageSeconds: Math.round((now - worker.startedAt) / 100) / 10,
        rssBytes: worker.rssBytes,
        requests: worker.requests,
      }));
  }

  /** Replaces the workers one after the other: each goes when its successor is ready. Errors: OPERATION_FAILED; then the old ones stay. */
  roll(): Promise<void> {
    const roll = this.#rolling.then(async () => {
      for (const old of [...this.#workers].filter((worker) => worker.state === "ready")) {
        if (this.#stopping) return;
        try {
          await this.#readyWorker();
        } catch (error) {
          if (this.#stopping) return;
          throw error;
        }
        this.#drain(old);
      }
    });
    this.#rolling = roll.catch(() => undefined);
    return roll;
  }

  /** Lets all workers finish and ends those that do not; resolves when none is left. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
    const all = [...this.#workers];
    for (const worker of all) this.#drain(worker);
    await Promise.all(all.map((worker) => worker.ended));
  }

  /** Resolves when every worker writes to a newly opened log file. */
  async reopenLogs(): Promise<void> {
    const living = [...this.#workers].filter(
      (worker) => worker.state === "ready" || worker.state === "draining",
    );
    await Promise.all(
      living.map((worker) => {
        const reopened = new Promise<void>((resolve) => {
          worker.onReopened = resolve;
        });
        send(worker, { type: "reopen-logs" });
        return Promise.race([reopened, worker.ended, this.#after(5_000)]);
      }),
    );
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms).unref());
  }

  /** A new worker, once it is ready. */
  #readyWorker(): Promise<Worker> {
    const worker = this.#spawn();
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        worker.reason = `it was not ready within ${READY_TIMEOUT_MS / 1000} s`;
        worker.child.kill("SIGKILL");
      }, READY_TIMEOUT_MS);
      worker.child.on("message", (message: WorkerMessage) => {
        if (message.type !== "ready") return;
        clearTimeout(late);
        resolve(worker);
      });
      void worker.ended.then(() => {
        clearTimeout(late);
        const reason = worker.reason ?? worker.lastLines.at(-1) ?? "it ended without a word";
        reject(new SisError("OPERATION_FAILED", `a worker could not start: ${reason}`));
      });
    });
  }

  #spawn(): Worker {
    const { program, programArguments, showOutput, log } = this.#options;
    const output = showOutput ? "inherit" : "pipe";
    const child = spawn(process.execPath, [...process.execArgv, program, ...programArguments], {
      stdio: ["ignore", showOutput ? "inherit" : "ignore", output, SOCKET_FD, "ipc"],
    });
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const worker: Worker = {
      child,
      startedAt: Date.now(),
      ended,
      state: "starting",
      requests: 0,
      rssBytes: 0,
      lastLines: [],
      reason: undefined,
      onReopened: undefined,
    };
    this.#workers.add(worker);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      worker.lastLines = [...worker.lastLines, ...text.split("\n").filter((line) => line !== "")].slice(-20);
    });
    child.on("message", (message: WorkerMessage) => this.#hear(worker, message));
    const gone = (how: string) => {
      if (worker.state === "ended") return;
      const was = worker.state;
      worker.state = "ended";
      this.#workers.delete(worker);
      end();
      if (was === "draining" || this.#stopping) return;
      log("ERROR", { event: "worker ended", pid: child.pid, how, last_lines: worker.lastLines.slice(-8) });
      if (was === "ready") this.#replace(worker);
    };
    child.once("error", (error) => gone(error.message));
    child.once("exit", (code, signal) => gone(signal ?? `exit ${code}`));
    return worker;
  }

  #hear(worker: Worker, message: WorkerMessage): void {
    if (message.type === "failed") worker.reason = message.reason;
    else if (message.type === "reopened") worker.onReopened?.();
    else if (message.type === "stats") {
      worker.requests = message.requests;
      worker.rssBytes = message.rssBytes;
    } else if (worker.state === "starting") {
      worker.state = "ready";
      this.#options.log("INFO", { event: "worker ready", pid: worker.child.pid });
    }
  }

  #replace(dead: Worker | undefined): void {
    if (this.#stopping) return;
    this.#deaths = dead !== undefined && Date.now() - dead.startedAt >= SOUND_MS ? 0 : this.#deaths + 1;
    const pause =
      this.#deaths <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#deaths - 2));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#readyWorker().catch((error: Error) => {
        this.#options.log("ERROR", { event: "worker not replaced", reason: error.message });
        this.#replace(undefined);
      });
    }, pause);
    this.#timers.add(timer);
  }

  #drain(worker: Worker): void {
    if (worker.state === "ended" || worker.state === "draining") return;
    const prepared = worker.state === "ready";
    worker.state = "draining";
    if (!prepared || !send(worker, { type: "drain" })) worker.child.kill("SIGTERM");
    const kill = setTimeout(() => worker.child.kill("SIGKILL"), DRAIN_MS + 4_000);
    void worker.ended.then(() => clearTimeout(kill));
  }
}

function send(worker: Worker, command: WorkerCommand): boolean {
  if (!worker.child.connected) return false;
  worker.child.send(command, () => {
    // A worker that has just died is noticed by its exit.
  });
  return true;
}
