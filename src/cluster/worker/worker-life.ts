import type { Server, ServerResponse } from "node:http";
import { Server as NetServer } from "node:net";
import { residentBytes } from "../../concurrency/exhaustion.ts";
import { isSisError } from "../../errors/sis-error.ts";
import type { Samples } from "../../observe/samples.ts";
import { terminalText } from "../../observe/terminal-text.ts";
import { SOCKET_FD, tellParent, type WorkerCommand } from "../control/protocol.ts";

/** What a worker serves, ready to listen. */
export interface WorkerService {
  readonly server: Server;
  /** Milliseconds that it may use to finish what it is answering when it shall end. */
  readonly drainMs: number;
  /** Values for monitoring, at this moment. */
  samples(): Samples;
  /** Says from here on that the service is about to end, and goes on taking requests. */
  leave(): void;
  /** Called once no connection is left: databases, pools, logs. */
  close(): Promise<void>;
  /** Opens the log files anew, after a rotation; gives the reasons of those that were not opened. */
  reopenLogs(): Promise<readonly string[]>;
}

/** Idle keep-alive connections may still carry a request that is on its way: they are closed this long after the drain began. */
const IDLE_GRACE_MS = 1_500;
const CLOSE_TIMEOUT_MS = 3_000;

/**
 * The life of a worker process: prepares the service, listens on the socket inherited as descriptor 3, reports to the master, drains when told to
 * (or by SIGTERM, or when the master has gone), and exits: 0 after a drain, 1 when the service could not be prepared.
 */
export async function runWorker(prepare: () => Promise<WorkerService>): Promise<void> {
  for (const signal of ["SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const) {
    process.on(signal, () => {
      // Meant for the master, which tells its workers what to do.
    });
  }
  const gone = new AbortController();
  const endBefore = () => gone.abort();
  process.once("SIGTERM", endBefore);
  process.once("disconnect", endBefore);
  const told = new Promise<"serve" | "drain">((resolve) => {
    gone.signal.addEventListener("abort", () => resolve("drain"), { once: true });
    const hear = ({ type }: WorkerCommand) => {
      if (type !== "serve" && type !== "drain") return;
      process.off("message", hear);
      resolve(type);
    };
    process.on("message", hear);
  });
  let service: WorkerService;
  try {
    service = await prepare();
    process.on("message", (command: WorkerCommand) => {
      if (command.type === "leave") service.leave();
      if (command.type !== "reopen-logs") return;
      void service.reopenLogs().then((problems) => tellParent({ type: "reopened", problems }));
    });
    tellParent({ type: "prepared" });
    reportEverySecond(service);
    if ((await told) === "drain") return await endService(service);
    await listen(service.server);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    tellParent({ type: "failed", reason });
    // What has a code is explained by its message; what has none is a fault of the program, and its stack is needed.
    const full = error instanceof Error && !isSisError(error) ? (error.stack ?? reason) : reason;
    process.stderr.write(`${terminalText(full)}\n`);
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 1_000).unref();
    if (process.connected) process.disconnect();
    return;
  }
  serve(service, gone.signal);
}

function serve(service: WorkerService, gone: AbortSignal): void {
  const drain = drainOnce(service);
  const answers = watchAnswers(service.server, drain.isDraining);
  process.on("message", (command: WorkerCommand) => {
    if (command.type === "drain") drain.begin();
    else if (command.type === "close-connections") answers.closeNext(command.count);
  });
  if (gone.aborted) drain.begin();
  gone.addEventListener("abort", drain.begin, { once: true });
  tellParent({ type: "ready" });
}

/** Reports also while it is a spare: a worker that says nothing is taken for hung. */
function reportEverySecond(service: WorkerService): void {
  const report = () => {
    service.server.getConnections((_error, connections = 0) => {
      const rssBytes = residentBytes();
      tellParent({ type: "stats", requests, connections, rssBytes, samples: service.samples() });
    });
  };
  setInterval(report, 1_000).unref();
  report();
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ fd: SOCKET_FD }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Counts requests, and asks clients to come back on a new connection, which a sibling accepts: all while draining, else as many as told. */
function watchAnswers(server: Server, isDraining: () => boolean) {
  let toClose = 0;
  server.prependListener("request", (_request, response: ServerResponse) => {
    requests++;
    unfinished.add(response);
    response.once("close", () => unfinished.delete(response));
    if (toClose > 0 || isDraining()) response.setHeader("connection", "close");
    toClose = Math.max(0, toClose - 1);
  });
  return {
    closeNext: (count: number) => {
      toClose = count;
    },
  };
}

const unfinished = new Set<ServerResponse>();
/** Answers begun since this process started. */
let requests = 0;

function drainOnce(service: WorkerService) {
  let draining = false;
  const begin = () => {
    if (draining) return;
    draining = true;
    for (const response of unfinished) {
      if (!response.headersSent) response.setHeader("connection", "close");
    }
    // http's own close() would cut idle keep-alive connections at once, and with them requests that are on their way.
    NetServer.prototype.close.call(service.server, () => void endService(service));
    tellParent({ type: "deaf" });
    const idle = setInterval(() => service.server.closeIdleConnections(), IDLE_GRACE_MS);
    idle.unref();
    setTimeout(() => service.server.closeAllConnections(), service.drainMs).unref();
  };
  return { begin, isDraining: () => draining };
}

async function endService(service: WorkerService): Promise<void> {
  const end = () => process.exit(0);
  setTimeout(end, CLOSE_TIMEOUT_MS).unref();
  // the counts of the last second
  tellParent({ type: "stats", requests: 0, connections: 0, rssBytes: 0, samples: service.samples() });
  await service.close().then(end, end);
}
