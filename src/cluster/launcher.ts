import { spawn } from "node:child_process";
import { createServer, type Server } from "node:net";
import { killAndWait } from "../concurrency/process-signals.ts";
import { SisError } from "../errors/sis-error.ts";
import { FOREGROUND_VARIABLE, type MasterMessage } from "./control/protocol.ts";
import { holdersOfPort, orphanWorkers, serviceOnPort } from "./orphans.ts";
import { alreadyRunning, readPidFile } from "./pid-file.ts";

/** What to start, and where it listens. */
export interface LaunchOptions {
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly masterProgram: string;
  readonly programArguments: readonly string[];
  /** Variables for the service in addition to those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** In the foreground the master writes to this terminal and does not outlive this process. */
  readonly foreground: boolean;
}

/** A master that is ready. */
export interface Launched {
  readonly pid: number;
  readonly workers: number;
  /** Workers of a killed master that were ended because they kept the port. */
  readonly endedOrphans: readonly number[];
}

/** How long workers whose master was killed may take to release the port. */
const ORPHAN_PATIENCE_MS = 2_000;
const START_TIMEOUT_MS = 90_000;

/**
 * Listens, starts a master that inherits the socket, and resolves once its first worker is ready.
 * Errors: OPERATION_FAILED when the service is already running, the port is taken, or the master
 * reports why it could not start; with the detail `logged` when the log has more.
 */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const found = readPidFile(options.directory);
  if (found.state === "running") throw alreadyRunning(found.pid);
  const { server, fd, endedOrphans } = await listenWithoutOrphans(options, found.state === "stale");
  const output = options.foreground ? "inherit" : "ignore";
  const child = spawn(
    process.execPath,
    [...process.execArgv, options.masterProgram, ...options.programArguments],
    {
      cwd: options.directory,
      stdio: ["ignore", output, output, fd, "ipc"],
      detached: true,
      env: {
        ...process.env,
        ...options.environment,
        ...(options.foreground ? { [FOREGROUND_VARIABLE]: String(process.pid) } : {}),
      },
    },
  );
  // The child has its own copy of the socket once spawn returns. Closing it here in the same turn
  // of the event loop ensures that this process never accepts a connection.
  server.close();
  const ready = await new Promise<{ pid: number; workers: number }>((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(late);
      reject(
        new SisError("OPERATION_FAILED", `the service did not start: ${reason}`, {
          details: { logged: true },
        }),
      );
    };
    const late = setTimeout(() => {
      child.kill("SIGTERM");
      fail(`it was not ready within ${START_TIMEOUT_MS / 1000} s`);
    }, START_TIMEOUT_MS);
    child.on("message", (message: MasterMessage) => {
      if (message.type === "failed") fail(message.reason);
      if (message.type === "ready") {
        clearTimeout(late);
        resolve(message);
      }
    });
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => fail(`its master ended (${signal ?? `exit ${code}`})`));
  });
  child.removeAllListeners("exit");
  if (child.connected) child.disconnect();
  child.unref();
  return { pid: ready.pid, workers: ready.workers, endedOrphans };
}

/**
 * Listens. Workers of this service whose master was killed release the port by themselves, and are
 * ended if they hang. The threads of one that has just ended keep the port for a moment longer,
 * when nothing in /proc names it any more: after a master was killed (`mayHaveOrphans`), a port in
 * use is tried again for as long as workers may take to release it.
 */
async function listenWithoutOrphans({ directory, host, port }: LaunchOptions, mayHaveOrphans: boolean) {
  const orphans = await remainingHolders(directory, port);
  await killAndWait(orphans);
  const end = performance.now() + (mayHaveOrphans ? ORPHAN_PATIENCE_MS : 0);
  for (;;) {
    try {
      return { ...(await listen(host, port)), endedOrphans: orphans };
    } catch (error) {
      const isInUse = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!isInUse || performance.now() >= end) throw refusal(error as NodeJS.ErrnoException, host, port);
    }
    await pause();
  }
}

/** Orphans that still hold the port after the time in which they would release it by themselves. */
async function remainingHolders(directory: string, port: number): Promise<readonly number[]> {
  const end = performance.now() + ORPHAN_PATIENCE_MS;
  for (;;) {
    const orphans = holdersOfPort(orphanWorkers(directory), port);
    if (orphans.length === 0 || performance.now() >= end) return orphans;
    await pause();
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Errors: those of `listen`, as they are. */
function listen(host: string, port: number): Promise<{ server: Server; fd: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      // The descriptor is not part of Node's documented interface; cluster and child_process use it
      // in the same way.
      const handle = (server as Server & { readonly _handle?: { readonly fd: number } })._handle;
      if (handle !== undefined && handle.fd >= 0) resolve({ server, fd: handle.fd });
      else
        reject(
          new SisError(
            "OPERATION_FAILED",
            "this operating system provides no descriptor for a listening socket",
          ),
        );
    });
  });
}

/** Who listens on a port that is taken: distinguishes a service from other programs. */
function holderOf(port: number): string {
  const holder = serviceOnPort(port);
  return holder === undefined
    ? "another program"
    : `a service running in ${holder.directory}, ${holder.role} pid ${holder.pid}`;
}

function refusal(error: NodeJS.ErrnoException, host: string, port: number): SisError {
  if (error instanceof SisError) return error;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} on ${host} is in use by ${holderOf(port)}; set API_PORT to a free port`,
    EACCES: `this user has no permission to listen on port ${port} of ${host}`,
    EADDRNOTAVAIL: `this machine does not have the address ${host}; set API_HOST`,
    ENOTFOUND: `API_HOST ${host} cannot be resolved`,
  };
  const reason = reasons[error.code ?? ""] ?? `cannot listen on ${host}:${port}: ${error.message}`;
  return new SisError("OPERATION_FAILED", reason, { cause: error });
}
