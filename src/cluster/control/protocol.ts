import type { Samples } from "../../observe/samples.ts";

/** What a worker tells its master. `requests` counts answers begun since the worker started, `connections` are open now. `deaf`: it accepts no more connections. */
export type WorkerMessage =
  | { readonly type: "prepared" }
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly reason: string }
  | ({ readonly type: "stats" } & WorkerStats)
  | { readonly type: "reopened"; readonly problems: readonly string[] }
  | { readonly type: "deaf" }
  | { readonly type: "question"; readonly id: number; readonly question: MasterQuestion };

/** What a worker asks its master: `samples`: those of all other processes. `turn`: whether a request of a client may be answered. */
export type MasterQuestion =
  | { readonly about: "samples" }
  | { readonly about: "turn"; readonly client: string };

/** `waitMs`: until the client's next request may be answered, 0: this one may. */
export type MasterAnswer =
  | { readonly about: "samples"; readonly samples: Samples }
  | { readonly about: "turn"; readonly waitMs: number };

/** What a worker reports every second from when it is prepared; a silent one hangs. */
export interface WorkerStats {
  readonly requests: number;
  readonly connections: number;
  readonly rssBytes: number;
  readonly samples: Samples;
}

/**
 * What a master tells a worker. `serve`: listen now. `leave`: say that the service is about to end, and take requests all the same. `close-connections`: that many answers shall close their connection, so that its client
 * comes back to a worker with fewer.
 */
export type WorkerCommand =
  | { readonly type: "serve" }
  | { readonly type: "leave" }
  | { readonly type: "drain" }
  | { readonly type: "reopen-logs" }
  | { readonly type: "close-connections"; readonly count: number }
  | { readonly type: "answer"; readonly id: number; readonly answer: MasterAnswer };

/** What a master tells the process that started it: the command, or the master that it follows. */
export type MasterMessage =
  | { readonly type: "ready"; readonly pid: number; readonly workers: number }
  | { readonly type: "failed"; readonly reason: string };

/** The descriptor under which masters and workers hold the listening socket. */
export const SOCKET_FD = 3;

/** Variable with the id of the foreground process that a master must not outlive. */
export const FOREGROUND_VARIABLE = "SBNSIS_FOREGROUND_PID";
/** Variable with the id of the master that a new one follows. */
export const PREDECESSOR_VARIABLE = "SBNSIS_PREDECESSOR_PID";

/**
 * What a worker must have, or it ends: a service that starts waits for a database server that is away as it would later, but one that
 * works is not replaced by one that does not. A worker that replaces a dead one serves what can be served.
 */
export type WorkerRequirement = "everything" | "all-but-database-server" | "nothing";

/** Variable that tells a worker its requirement; without it, nothing. */
export const REQUIREMENT_VARIABLE = "SBNSIS_WORKER_REQUIREMENT";

/** Sends `message` to the parent process; false when there is none or it has gone. */
export function tellParent(message: WorkerMessage | MasterMessage): boolean {
  if (process.send === undefined || !process.connected) return false;
  process.send(message, () => {
    // The parent may go at any moment; whoever cares listens for "disconnect".
  });
  return true;
}
