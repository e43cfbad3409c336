import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { LogLevel, LogRecord } from "../observe/log-line.ts";
import { type FileLogger, openLogger } from "../observe/logger.ts";

/** Writes one line. */
export type WriteLog = (level: LogLevel, record: LogRecord) => void;

/** The log of a master, which writes little. */
export interface MasterLog {
  readonly write: WriteLog;
  readonly logger: FileLogger;
}

/** Opens the log of a master; with `echo`, lines also go to stderr. */
export function masterLog(file: string, echo: boolean): MasterLog {
  const logger = openLogger({ file, stderr: echo });
  const byLevel = { INFO: logger.info, WARNING: logger.warn, ERROR: logger.error };
  return { logger, write: (level, record) => byLevel[level](record) };
}

/**
 * The last lines of a log, oldest first, taken from its last 64 kB; none when it cannot be read.
 */
export function lastLines(file: string, count: number): string[] {
  try {
    const fd = openSync(file, "r");
    try {
      const size = fstatSync(fd).size;
      const tail = Buffer.alloc(Math.min(size, 65_536));
      readSync(fd, tail, 0, tail.length, size - tail.length);
      return tail.toString("utf8").trimEnd().split("\n").slice(-count);
    } finally {
      closeSync(fd);
    }
  } catch {
    return [];
  }
}

/**
 * Reports the state of the service to systemd if systemd wants it (NOTIFY_SOCKET, sd_notify(3)).
 * Node has no local datagram sockets, so systemd's own program sends it; the unit needs
 * `NotifyAccess=all`.
 */
export function notifySystemd(state: string, log: WriteLog): void {
  if (process.env.NOTIFY_SOCKET === undefined) return;
  const child = spawn("systemd-notify", [state], { stdio: "ignore" });
  child.once("error", (error) => {
    log("WARNING", { event: `systemd could not be notified of ${state}`, reason: error.message });
  });
  child.unref();
}
