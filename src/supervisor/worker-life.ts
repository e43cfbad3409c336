import type { Server, ServerResponse } from "node:http";
import { Server as NetServer } from "node:net";
import { isSisError } from "../errors/sis-error.ts";
import { DRAIN_MS, SOCKET_FD, tellParent, type WorkerCommand } from "./protocol.ts";

/** What a worker serves, ready to listen. */
export interface WorkerService {
  readonly server: Server;
  /** Called once no connection is left: databases, pools, logs. */
  close(): Promise<void>;
  /** Opens the log file anew, after a rotation. */
  reopenLogs(): void;
}

/** Idle keep-alive connections may still carry a request that is on its way: they are closed this long after the drain began. */
const IDLE_GRACE_MS = 1_500;

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
  let service: WorkerService;
  try {
    service = await prepare();
    await listen(service.server);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    tellParent({ type: "failed", reason });
    // What has a code is explained by its message; what has none is a fault of the program, and its stack is needed.
    const full = error instanceof Error && !isSisError(error) ? (error.stack ?? reason) : reason;
    process.stderr.write(`${full}\n`);
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 1_000).unref();
    if (process.connected) process.disconnect();
    return;
  }
  const drain = drainOnce(service);
  const counted = countAnswers(service.server, drain.isDraining);
  process.on("message", (command: WorkerCommand) => {
    if (command.type === "drain") drain.begin();
    else if (command.type === "reopen-logs") {
      service.reopenLogs();
      tellParent({ type: "reopened" });
    }
  });
  process.once("SIGTERM", drain.begin);
  process.once("disconnect", drain.begin);
  const report = () => {
    tellParent({ type: "stats", requests: counted(), rssBytes: process.memoryUsage.rss() });
  };
  setInterval(report, 1_000).unref();
  report();
  tellParent({ type: "ready" });
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

/** Counts requests, and asks clients of a draining worker to come back on a new connection, which a sibling accepts. */
function countAnswers(server: Server, isDraining: () => boolean): () => number {
  let requests = 0;
  server.prependListener("request", (_request, response: ServerResponse) => {
    requests++;
    unfinished.add(response);
    response.once("close", () => unfinished.delete(response));
    if (isDraining()) response.setHeader("connection", "close");
  });
  return () => requests;
}

const unfinished = new Set<ServerResponse>();

function drainOnce(service: WorkerService) {
  let draining = false;
  const begin = () => {
    if (draining) return;
    draining = true;
    for (const response of unfinished) {
      if (!response.headersSent) response.setHeader("connection", "close");
    }
    const finish = () => {
      const end = () => process.exit(0);
      setTimeout(end, 3_000).unref();
      service.close().then(end, end);
    };
    // http's own close() would cut idle keep-alive connections at once, and with them requests that are on their way.
    NetServer.prototype.close.call(service.server, finish);
    const idle = setInterval(() => service.server.closeIdleConnections(), IDLE_GRACE_MS);
    idle.unref();
    setTimeout(() => service.server.closeAllConnections(), DRAIN_MS).unref();
  };
  return { begin, isDraining: () => draining };
}
