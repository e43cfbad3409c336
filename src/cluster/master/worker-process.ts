import { type ChildProcess, spawn } from "node:child_process";
import { SisError } from "../../errors/sis-error.ts";
import {
  type MasterReply,
  type MasterRequest,
  REQUIREMENT_VARIABLE,
  SOCKET_FD,
  type WorkerCommand,
  type WorkerMessage,
  type WorkerRequirement,
  type WorkerStats,
} from "../control/protocol.ts";

/**
 * V8 flags for workers. There is one worker per processor, so garbage collection threads would only
 * take time from the other workers. Products that pass through count as memory of the old
 * generation: with the default limits it is collected several times a second without effect. A
 * small nursery fits the processor's cache and keeps the worker below 200 MB. The objects of a
 * response live as long as the response: V8 would soon allocate them in the old generation, where
 * collecting them is five times as expensive.
 */
export const WORKER_FLAGS = [
  "--single-threaded-gc",
  "--max-semi-space-size=4",
  "--heap-growing-percent=60",
  "--no-allocation-site-pretenuring",
] as const;

/**
 * Settings of glibc's allocator for workers, unless they are already set: picture buffers return to
 * the system once they are unused. By default the allocator raises both thresholds to the largest
 * buffer ever freed, and keeps anything smaller: a hundred megabytes after a whole frame.
 */
const WORKER_ALLOCATOR = {
  MALLOC_MMAP_THRESHOLD_: "131072",
  MALLOC_TRIM_THRESHOLD_: "131072",
} as const;

/** What a worker process is started with. */
export interface WorkerProcessOptions {
  /** Path of the worker program and its arguments. */
  readonly program: string;
  readonly programArguments: readonly string[];
  /**
   * Whether workers write to this process's own stderr; otherwise only the last lines of each are
   * kept, to explain why it ended.
   */
  readonly showOutput: boolean;
  /** A spare prepares its service and waits for `serve()`. */
  readonly spare: boolean;
  /** Whether it ends when something it needs is unavailable. */
  readonly requirement: WorkerRequirement;
  readonly onRequest: (worker: WorkerProcess, request: MasterRequest) => MasterReply;
  readonly onEnded: (worker: WorkerProcess, was: WorkerState, how: string) => void;
}

/** `spare`: prepared and waiting. `ready`: it takes requests. */
export type WorkerState = "starting" | "spare" | "ready" | "draining" | "ended";

const READY_TIMEOUT_MS = 60_000;
/** How long a worker may exceed the drain deadline before it is killed. */
const END_GRACE_MS = 4_000;
const LINES_KEPT = 20;

/** One worker process, as its master sees it. */
export class WorkerProcess {
  readonly startedAt = performance.now();
  /**
   * Resolves when it takes requests. Errors: OPERATION_FAILED with its reason, when it ended before
   * that.
   */
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  /** Resolves when it accepts no more connections. */
  readonly closed: Promise<void>;
  readonly #child: ChildProcess;
  readonly #options: WorkerProcessOptions;
  #state: WorkerState = "starting";
  #spare: boolean;
  #stats: WorkerStats = { requests: 0, connections: 0, rssBytes: 0, samples: {} };
  #lastLines: string[] = [];
  #reason: string | undefined;
  #silentSeconds = 0;
  #onReady = () => {};
  #onEnded = () => {};
  #onReopened: (problems: readonly string[]) => void = () => {};
  #onClosed = () => {};

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
    this.#spare = options.spare;
    const output = options.showOutput ? "inherit" : "pipe";
    this.#child = spawn(
      process.execPath,
      [...WORKER_FLAGS, ...process.execArgv, options.program, ...options.programArguments],
      {
        stdio: ["ignore", options.showOutput ? "inherit" : "ignore", output, SOCKET_FD, "ipc"],
        env: {
          ...WORKER_ALLOCATOR,
          ...process.env,
          [REQUIREMENT_VARIABLE]: options.requirement,
        },
      },
    );
    this.ended = new Promise((resolve) => {
      this.#onEnded = resolve;
    });
    this.closed = new Promise((resolve) => {
      this.#onClosed = resolve;
      void this.ended.then(resolve);
    });
    this.ready = new Promise((resolve, reject) => {
      this.#onReady = resolve;
      void this.ended.then(() => reject(this.#startError()));
    });
    this.ready.catch(() => {
      // callers that wait for it receive the error; a spare has none
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      const lines = text.split("\n").filter((line) => line !== "");
      this.#lastLines = [...this.#lastLines, ...lines].slice(-LINES_KEPT);
    });
    this.#child.on("message", (message: WorkerMessage) => this.#receive(message));
    this.#child.once("error", (error) => this.#gone(error.message));
    this.#child.once("exit", (code, signal) => this.#gone(signal ?? `exit ${code}`));
    const late = setTimeout(() => {
      if (this.#state !== "starting") return;
      this.kill(`it was not ready within ${READY_TIMEOUT_MS / 1000} s`);
    }, READY_TIMEOUT_MS);
    void this.ended.then(() => clearTimeout(late));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get state(): WorkerState {
    return this.#state;
  }

  /** Whether it is, or was when it ended, a spare kept to replace one that dies. */
  get isSpare(): boolean {
    return this.#spare && this.#state !== "draining";
  }

  get stats(): WorkerStats {
    return this.#stats;
  }

  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /** Lets a spare take requests, immediately or as soon as it is prepared. */
  serve(): void {
    this.#spare = false;
    if (this.#state === "spare") this.send({ type: "serve" });
  }

  /** Lets it finish its requests within `deadlineMs`, then ends it. */
  drain(deadlineMs: number): void {
    if (this.#state === "ended" || this.#state === "draining") return;
    const prepared = this.#state !== "starting";
    this.#state = "draining";
    if (!prepared || !this.send({ type: "drain" })) this.#child.kill("SIGTERM");
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), deadlineMs + END_GRACE_MS);
    void this.ended.then(() => clearTimeout(kill));
  }

  /**
   * Resolves when it has reopened its log files, with the reasons for those that it could not open;
   * or when it has ended, or does not reply.
   */
  async reopenLogs(): Promise<readonly string[]> {
    const reopened = new Promise<readonly string[]>((resolve) => {
      this.#onReopened = resolve;
      setTimeout(() => resolve([`worker ${this.pid} does not respond`]), 5_000).unref();
    });
    this.send({ type: "reopen-logs" });
    return await Promise.race([reopened, this.ended.then(() => [])]);
  }

  /**
   * Counts seconds without a report; called once a second. Returns their number, 0 for a worker
   * that does not report yet, or no longer.
   */
  countSilence(): number {
    if (this.#state !== "ready" && this.#state !== "spare") return 0;
    return ++this.#silentSeconds;
  }

  /** Ends it immediately. `reason` explains its end. */
  kill(reason: string): void {
    this.#reason = reason;
    this.#child.kill("SIGKILL");
  }

  /** Why it ended or could not start, if known. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** False when messages can no longer reach it. */
  send(command: WorkerCommand): boolean {
    if (!this.#child.connected) return false;
    this.#child.send(command, () => {
      // A worker that has just died is noticed by its exit.
    });
    return true;
  }

  #receive(message: WorkerMessage): void {
    switch (message.type) {
      case "failed":
        this.#reason = message.reason;
        return;
      case "prepared":
        if (this.#state !== "starting") return;
        this.#state = "spare";
        if (!this.#spare) this.serve();
        return;
      case "ready":
        if (this.#state !== "spare") return;
        this.#state = "ready";
        this.#onReady();
        return;
      case "closed":
        this.#onClosed();
        return;
      case "reopened":
        this.#onReopened(message.problems);
        return;
      case "stats":
        this.#stats = message;
        this.#silentSeconds = 0;
        return;
      case "request": {
        const reply = this.#options.onRequest(this, message.request);
        this.send({ type: "reply", id: message.id, reply });
      }
    }
  }

  #gone(how: string): void {
    if (this.#state === "ended") return;
    const was = this.#state;
    this.#state = "ended";
    this.#onEnded();
    this.#options.onEnded(this, was, how);
  }

  #startError(): SisError {
    const reason = this.#reason ?? this.#lastLines.at(-1) ?? "it ended without output";
    return new SisError("OPERATION_FAILED", `a worker could not start: ${reason}`);
  }
}
