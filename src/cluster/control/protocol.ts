import type { Samples } from "../../observe/samples.ts";

/**
 * Messages from a worker to its master. `requests` counts the requests since the worker started,
 * `connections` are open now. `closed`: it accepts no more connections.
 */
export type WorkerMessage =
  | { readonly type: "prepared" }
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly reason: string }
  | ({ readonly type: "stats" } & WorkerStats)
  | { readonly type: "reopened"; readonly problems: readonly string[] }
  | { readonly type: "closed" }
  | { readonly type: "request"; readonly id: number; readonly request: MasterRequest };

/**
 * Requests of a worker to its master: `samples` of all other processes; `turn`: whether a request
 * of a client may be served.
 */
export type MasterRequest =
  | { readonly about: "samples" }
  | { readonly about: "turn"; readonly client: string };

/** `waitMs`: time until the client's next request may be served; 0 if this one may. */
export type MasterReply =
  | { readonly about: "samples"; readonly samples: Samples }
  | { readonly about: "turn"; readonly waitMs: number };

/** Sent by a worker every second once it is prepared; a silent worker is considered hung. */
export interface WorkerStats {
  readonly requests: number;
  readonly connections: number;
  readonly rssBytes: number;
  readonly samples: Samples;
}

/**
 * Messages from a master to a worker. `serve`: listen now. `leave`: report that the service is
 * about to end, but keep taking requests. `close-connections`: close the connection after that many
 * responses, so that clients reconnect to a less loaded worker.
 */
export type WorkerCommand =
  | { readonly type: "serve" }
  | { readonly type: "leave" }
  | { readonly type: "drain" }
  | { readonly type: "reopen-logs" }
  | { readonly type: "close-connections"; readonly count: number }
  | { readonly type: "reply"; readonly id: number; readonly reply: MasterReply };

/**
 * Messages from a master to the process that started it: the command, or the master it replaces.
 */
export type MasterMessage =
  | { readonly type: "ready"; readonly pid: number; readonly workers: number }
  | { readonly type: "failed"; readonly reason: string };

/** File descriptor of the listening socket in masters and workers. */
export const SOCKET_FD = 3;

/** Variable with the id of the foreground process that a master must not outlive. */
export const FOREGROUND_VARIABLE = "SBNSIS_FOREGROUND_PID";
/** Variable with the id of the master that a new one replaces. */
export const PREDECESSOR_VARIABLE = "SBNSIS_PREDECESSOR_PID";

/**
 * What a worker must have, or it ends: a starting service waits for an unavailable database server,
 * as it would later, but a working service is not replaced by one that does not work. A worker that
 * replaces a dead one serves what it can.
 */
export type WorkerRequirement = "everything" | "all-but-database-server" | "nothing";

/** Variable with a worker's requirement; defaults to none. */
export const REQUIREMENT_VARIABLE = "SBNSIS_WORKER_REQUIREMENT";

/** Sends `message` to the parent process; false when there is none or it has gone. */
export function sendToParent(message: WorkerMessage | MasterMessage): boolean {
  if (process.send === undefined || !process.connected) return false;
  process.send(message, () => {
    // The parent may exit at any moment; callers that care listen for "disconnect".
  });
  return true;
}
