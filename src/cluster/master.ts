import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { isAlive } from "../concurrency/process-identity.ts";
import { SisError } from "../errors/sis-error.ts";
import type { ClientLimit } from "../http/client-buckets.ts";
import {
  FOREGROUND_VARIABLE,
  type MasterMessage,
  PREDECESSOR_VARIABLE,
  SOCKET_FD,
  sendToParent,
} from "./control/protocol.ts";
import { type ControlCommand, controlPath, serveControl } from "./control-socket.ts";
import { installedBuild, installedVersion } from "./installed-version.ts";
import { WorkerPool, type WorkerStatus } from "./master/worker-pool.ts";
import { masterLog, notifySystemd, type WriteLog } from "./master-log.ts";
import { claimPidFile, releasePidFile, replacePidFile } from "./pid-file.ts";

/** What a master runs. */
export interface MasterOptions {
  /** Working directory of the service, with `.env`, pid file and control socket. */
  readonly directory: string;
  readonly address: string;
  readonly logFile: string;
  readonly workers: number;
  /** Whether a spare process is kept ready to replace one that dies. */
  readonly spareWorker: boolean;
  /** Milliseconds that a draining worker may use to finish its requests. */
  readonly drainMs: number;
  /**
   * Milliseconds during which requests are still taken after TERM, while readiness reports that the
   * service is about to end.
   */
  readonly lameDuckMs: number;
  /** Rate limit of a client across all workers; defaults to no limit. */
  readonly clientLimit?: ClientLimit;
  /** A worker that reports nothing for this many seconds hangs, and is replaced. */
  readonly silenceSeconds: number;
  readonly workerProgram: string;
  /** The program that a restart starts: this master's, as it is on disk at that time. */
  readonly masterProgram: string;
  readonly programArguments: readonly string[];
}

/** What `sbnsis status --json` prints of a running service. */
export interface ServiceStatus {
  readonly running: true;
  readonly pid: number;
  readonly version: string;
  /** Distinguishes builds of the same version; undefined for code that was not built. */
  readonly build?: string;
  readonly address: string;
  readonly logFile: string;
  /** Why the log cannot be written, or not under its own name; empty when all is well. */
  readonly logProblems: readonly string[];
  readonly uptimeSeconds: number;
  readonly workers: readonly WorkerStatus[];
}

const SUCCESSOR_TIMEOUT_MS = 75_000;

/**
 * The lifecycle of a master process. It never accepts a connection itself: it holds the listening
 * socket as descriptor 3 and passes it to its workers, so that connections wait in the queue of
 * that one socket whatever happens to workers and masters.
 * Signals: TERM and INT drain and end, HUP replaces the workers one by one, USR1 reopens the log,
 * USR2 starts the program on disk as successor.
 */
export async function runMaster(options: MasterOptions): Promise<void> {
  const started = performance.now();
  const version = installedVersion();
  const build = installedBuild();
  const foregroundPid = Number(process.env[FOREGROUND_VARIABLE] ?? 0);
  const following = process.env[PREDECESSOR_VARIABLE] !== undefined;
  const { logger, write: log } = masterLog(options.logFile, foregroundPid > 0);
  const pool = new WorkerPool({
    program: options.workerProgram,
    programArguments: options.programArguments,
    count: options.workers,
    spare: options.spareWorker,
    drainMs: options.drainMs,
    ...(options.clientLimit !== undefined && { clientLimit: options.clientLimit }),
    showOutput: foregroundPid > 0,
    log,
    ownSamples: () => logger.samples(),
    silenceSeconds: options.silenceSeconds,
  });
  let ending: Promise<void> | undefined;
  const end = (keepFiles: boolean) => {
    ending ??= endMaster(options, pool, keepFiles, log, () => logger.close());
    return ending;
  };
  try {
    if (!following) claimPidFile(options.directory);
    if (following) await pool.start(options.workers, "everything");
    else await pool.start(1, "all-but-database-server");
    if (following) replacePidFile(options.directory);
    let swapping: Promise<number> | undefined;
    const restart = () => {
      swapping ??= swapMaster(options, log, pool, () => end(true)).finally(() => {
        swapping = undefined;
      });
      return swapping;
    };
    const reopenLogs = async () => {
      const problems = [...new Set((await Promise.all([logger.reopen(), pool.reopenLogs()])).flat())];
      // logged once, by the master alone: each process keeps trying, and uses the old file until it
      // succeeds
      if (problems.length > 0) log("WARNING", { event: "log not reopened", problems });
      return problems;
    };
    await serveControl(options.directory, async (command: ControlCommand) => {
      if (command === "restart") return { pid: await restart() };
      if (command === "reopen-logs") return await reopenLogs();
      const status: ServiceStatus = {
        running: true,
        pid: process.pid,
        version,
        ...(build !== undefined && { build }),
        address: options.address,
        logFile: options.logFile,
        logProblems: logger.problems(),
        uptimeSeconds: Math.round((performance.now() - started) / 1000),
        workers: pool.status(),
      };
      return status;
    });
    const logged = (what: string, done: Promise<unknown>) => {
      done.catch((error: Error) => log("ERROR", { event: `${what} failed`, reason: error.message }));
    };
    process.on("SIGHUP", () => logged("reload", pool.roll()));
    process.on("SIGUSR1", () => logged("reopening the log", reopenLogs()));
    process.on("SIGUSR2", () => logged("restart", restart()));
    let isLeaving = false;
    const leave = () => {
      // a second signal ends the wait
      if (isLeaving || options.lameDuckMs === 0) return void end(false);
      isLeaving = true;
      log("INFO", { event: "leaving", seconds: options.lameDuckMs / 1000 });
      pool.leave();
      setTimeout(() => void end(false), options.lameDuckMs);
    };
    process.on("SIGTERM", leave);
    process.on("SIGINT", leave);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log("ERROR", { event: "start failed", reason });
    await pool.stop();
    if (!following) releasePidFile(options.directory);
    sendToParent({ type: "failed", reason });
    process.exitCode = 1;
    if (process.connected) process.disconnect();
    return;
  }
  if (foregroundPid > 0) {
    setInterval(() => isAlive(foregroundPid) || void end(false), 1_000).unref();
  }
  log("INFO", {
    event: following ? "restarted" : "started",
    pid: process.pid,
    version,
    address: options.address,
  });
  notifySystemd("READY=1", log);
  sendToParent({ type: "ready", pid: process.pid, workers: options.workers });
}

/** Drains and ends. With `keepFiles` a successor owns the pid file and the control socket. */
async function endMaster(
  options: MasterOptions,
  pool: WorkerPool,
  keepFiles: boolean,
  log: WriteLog,
  closeLog: () => Promise<void>,
): Promise<void> {
  await pool.stop();
  if (!keepFiles && releasePidFile(options.directory)) {
    rmSync(controlPath(options.directory), { force: true });
  }
  log("INFO", { event: keepFiles ? "gave way" : "stopped", pid: process.pid });
  await closeLog();
  process.exit(0);
}

/**
 * Starts the master program on disk on the same socket; once all its workers are ready, this master
 * gives way.
 * Errors: OPERATION_FAILED with the successor's reason; this master then continues to serve.
 */
async function swapMaster(
  options: MasterOptions,
  log: WriteLog,
  pool: WorkerPool,
  lowerPriority: () => Promise<void>,
): Promise<number> {
  const foreground = process.env[FOREGROUND_VARIABLE] !== undefined;
  const child = spawn(
    process.execPath,
    [...process.execArgv, options.masterProgram, ...options.programArguments],
    {
      stdio: [
        "ignore",
        foreground ? "inherit" : "ignore",
        foreground ? "inherit" : "ignore",
        SOCKET_FD,
        "ipc",
      ],
      detached: true,
      env: { ...process.env, [PREDECESSOR_VARIABLE]: String(process.pid) },
    },
  );
  log("INFO", { event: "restarting", pid: process.pid, successor: child.pid });
  const pid = await new Promise<number>((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(late);
      reject(
        new SisError(
          "OPERATION_FAILED",
          `the new version did not start, and the old one keeps running: ${reason}`,
        ),
      );
    };
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      fail(`it was not ready within ${SUCCESSOR_TIMEOUT_MS / 1000} s`);
    }, SUCCESSOR_TIMEOUT_MS);
    child.on("message", (message: MasterMessage) => {
      if (message.type === "failed") fail(message.reason);
      if (message.type !== "ready") return;
      clearTimeout(late);
      resolve(message.pid);
    });
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => fail(`it ended (${signal ?? `exit ${code}`})`));
  });
  child.removeAllListeners("exit");
  child.disconnect();
  child.unref();
  // From here on the successor accepts every new connection.
  await pool.stopListening();
  // The reply to the restart command is sent before this process begins to end.
  setTimeout(() => void lowerPriority(), 50);
  return pid;
}
