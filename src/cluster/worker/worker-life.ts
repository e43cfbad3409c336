import { once } from "node:events";
import type { Server, ServerResponse } from "node:http";
import { Server as NetServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { residentBytes } from "../../concurrency/exhaustion.ts";
import { isSisError } from "../../errors/sis-error.ts";
import type { Samples } from "../../observe/samples.ts";
import { terminalText } from "../../observe/terminal-text.ts";
import { SOCKET_FD, sendToParent, type WorkerCommand } from "../control/protocol.ts";

/** What a worker serves, ready to listen. */
export interface WorkerService {
  readonly server: Server;
  /** Milliseconds that it may use to finish its requests when it is asked to end. */
  readonly drainMs: number;
  /** Current values for monitoring. */
  samples(): Samples;
  /** From now on, reports that the service is about to end; continues to take requests. */
  leave(): void;
  /** Ends, with an error, requests whose response has not started: the time is up. */
  cancelRequests(): void;
  /** Begins to run jobs: called when it serves, not as a spare. */
  startJobs(): void;
  /** Gives its jobs to the other workers: called when it begins to drain. */
  stopJobs(): void;
  /** Called once no connection is left: closes databases, pools, logs. */
  close(): Promise<void>;
  /** Reopens the log files after a rotation; returns the reasons for those that were not opened. */
  reopenLogs(): Promise<readonly string[]>;
}

/**
 * A request may already be on its way on an idle keep-alive connection: they are closed this long
 * after the drain began.
 */
const IDLE_GRACE_MS = 1_500;
/** How long before the end of a drain the requests without a response are cancelled, at most. */
const CANCEL_GRACE_MS = 1_000;
const CLOSE_TIMEOUT_MS = 3_000;

/**
 * The lifecycle of a worker process: prepares the service, listens on the socket inherited as
 * descriptor 3, reports to the master, drains on request (or on SIGTERM, or when the master has
 * gone), and exits: 0 after a drain, 1 when the service could not be prepared.
 */
export async function runWorker(prepare: () => Promise<WorkerService>): Promise<void> {
  for (const signal of ["SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const) {
    process.on(signal, () => {
      // Meant for the master, which instructs its workers.
    });
  }
  const gone = new AbortController();
  const endBefore = () => gone.abort();
  process.once("SIGTERM", endBefore);
  process.once("disconnect", endBefore);
  const command = new Promise<"serve" | "drain">((resolve) => {
    gone.signal.addEventListener("abort", () => resolve("drain"), { once: true });
    const receive = ({ type }: WorkerCommand) => {
      if (type !== "serve" && type !== "drain") return;
      process.off("message", receive);
      resolve(type);
    };
    process.on("message", receive);
  });
  let service: WorkerService;
  try {
    service = await prepare();
    process.on("message", (command: WorkerCommand) => {
      if (command.type === "leave") service.leave();
      if (command.type !== "reopen-logs") return;
      void service.reopenLogs().then((problems) => sendToParent({ type: "reopened", problems }));
    });
    sendToParent({ type: "prepared" });
    reportEverySecond(service);
    if ((await command) === "drain") return await endService(service);
    await listen(service.server);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    sendToParent({ type: "failed", reason });
    // An error with a code is explained by its message; one without is a bug, and its stack is
    // needed.
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
  let hasLeft = false;
  const drain = drainOnce(service, () => hasLeft);
  const responses = watchResponses(service.server, drain.isDraining);
  process.on("message", (command: WorkerCommand) => {
    if (command.type === "leave") hasLeft = true;
    else if (command.type === "drain") drain.begin();
    else if (command.type === "close-connections") responses.closeNext(command.count);
  });
  if (gone.aborted) drain.begin();
  else service.startJobs();
  gone.addEventListener("abort", drain.begin, { once: true });
  sendToParent({ type: "ready" });
}

/** Reports also as a spare: a silent worker is considered hung. */
function reportEverySecond(service: WorkerService): void {
  const report = () => {
    service.server.getConnections((_error, connections = 0) => {
      const rssBytes = residentBytes();
      sendToParent({ type: "stats", requests, connections, rssBytes, samples: service.samples() });
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

/**
 * Counts requests, and makes clients reconnect, so that a sibling accepts them: all clients while
 * draining, otherwise as many as requested.
 */
function watchResponses(server: Server, isDraining: () => boolean) {
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
/** Responses started since this process started. */
let requests = 0;

/**
 * After a lame duck a balancer that finds nobody listening would consider the machine dead and
 * break off what it still sends, so the worker listens until those responses are over, for half
 * of its time at most.
 */
function drainOnce(service: WorkerService, hasLeft: () => boolean) {
  let draining = false;
  const begin = () => {
    if (draining) return;
    draining = true;
    service.stopJobs();
    for (const response of unfinished) {
      if (!response.headersSent) response.setHeader("connection", "close");
    }
    const stopListening = () => {
      // http's own close() would cut idle keep-alive connections at once, including those with a
      // request on its way.
      NetServer.prototype.close.call(service.server, () => void endService(service));
      sendToParent({ type: "closed" });
    };
    if (hasLeft()) void untilOver([...unfinished], service.drainMs / 2).then(stopListening);
    else stopListening();
    // Timers run before sockets are read: after the event loop was blocked, a connection may seem
    // idle although its next request has arrived. It is read before immediates run.
    const closeIdle = () => setImmediate(() => service.server.closeIdleConnections());
    const idle = setInterval(closeIdle, IDLE_GRACE_MS);
    idle.unref();
    const graceMs = Math.min(CANCEL_GRACE_MS, service.drainMs / 2);
    setTimeout(() => service.cancelRequests(), service.drainMs - graceMs).unref();
    setTimeout(() => service.server.closeAllConnections(), service.drainMs).unref();
  };
  return { begin, isDraining: () => draining };
}

/** Resolves when responses are over, after `ms` at the latest. */
async function untilOver(responses: readonly ServerResponse[], ms: number): Promise<void> {
  const over = Promise.all(responses.map((response) => once(response, "close")));
  await Promise.race([over, wait(ms, undefined, { ref: false })]);
}

async function endService(service: WorkerService): Promise<void> {
  const end = () => process.exit(0);
  setTimeout(end, CLOSE_TIMEOUT_MS).unref();
  // the counts of the last second
  sendToParent({ type: "stats", requests: 0, connections: 0, rssBytes: 0, samples: service.samples() });
  await service.close().then(end, end);
}
