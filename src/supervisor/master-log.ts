import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";
import { type LogLevel, type LogRecord, logLine } from "../http/logging/log-line.ts";

/** Writes one line. */
export type MasterLog = (level: LogLevel, record: LogRecord) => void;

/**
 * A log for the few lines that a master writes. The file is opened for each line, so that a rotation needs no word to it.
 * A log that cannot be written does not stop the service: the line then goes to stderr alone.
 */
export function masterLog(file: string, echo: boolean): MasterLog {
  return (level, record) => {
    const line = logLine(level, new Date(), record);
    let written = true;
    try {
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, line);
    } catch {
      written = false;
    }
    if (echo || !written) process.stderr.write(line);
  };
}

/** The last lines of a log, oldest first, out of its last 64 kB; none when it cannot be read. */
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
