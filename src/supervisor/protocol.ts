/** What a worker tells its master. `requests` counts answers begun since the worker started. */
export type WorkerMessage =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly reason: string }
  | { readonly type: "stats"; readonly requests: number; readonly rssBytes: number }
  | { readonly type: "reopened" };

/** What a master tells a worker. */
export type WorkerCommand = { readonly type: "drain" } | { readonly type: "reopen-logs" };

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

/** Milliseconds that a draining worker may use to finish what it is answering. */
export const DRAIN_MS = 15_000;

/** Sends `message` to the parent process; false when there is none or it has gone. */
export function tellParent(message: WorkerMessage | MasterMessage): boolean {
  if (process.send === undefined || !process.connected) return false;
  process.send(message, () => {
    // The parent may go at any moment; whoever cares listens for "disconnect".
  });
  return true;
}
