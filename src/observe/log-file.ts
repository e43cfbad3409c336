import { closeSync, constants, mkdirSync, open, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { LineQueue } from "./line-queue.ts";

/** Limit of the backlog, in bytes. */
const MAXIMUM_BYTES = 4 * 1024 * 1024;
/** How often opening a file is retried, in milliseconds. */
const REOPEN_EVERY_MS = 5_000;
/** How long opening a file may take before the old one is used again, in milliseconds. */
const OPEN_TIMEOUT_MS = 3_000;
const FLUSH_TIMEOUT_MS = 1_000;
/**
 * O_NONBLOCK makes opening a pipe without a reader an error (ENXIO) instead of blocking forever;
 * regular files ignore it.
 */
const FLAGS =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOCTTY;

export interface LogFileOptions {
  /** Formats a line that says how many lines were lost; written once lines are accepted again. */
  readonly lossLine?: (lost: number) => string;
}

/**
 * A file of lines that may be rotated, full, removed or stalled: lines then wait or are counted as
 * lost, and the process continues.
 */
export interface LogFile {
  /** Appends a line, which includes its line end. */
  write(line: string): void;
  /**
   * Reopens the file by name after a rotation; returns the reason if that fails. Lines then go to
   * the old file, and opening is retried every few seconds.
   */
  reopen(): Promise<string | undefined>;
  /**
   * Why lines are not being written, or not to the file of that name; undefined when all is well.
   */
  readonly problem: string | undefined;
  /** Number of lines lost since it was opened. */
  readonly lost: number;
  /** Writes the backlog, for at most a second, and closes the file. */
  close(): Promise<void>;
}

/**
 * Opens `path` for appending (O_APPEND, so several processes may share it) and creates its folder.
 * Opening is retried if it fails.
 */
export function openLogFile(path: string, { lossLine }: LogFileOptions = {}): LogFile {
  let openProblem: string | undefined;
  let writeProblem: string | undefined;
  let saidLost = 0;
  let retry: NodeJS.Timeout | undefined;
  let opening: Promise<string | undefined> | undefined;
  let closed = false;
  const queue = new LineQueue({
    maximumBytes: MAXIMUM_BYTES,
    onOutcome: (error) => {
      writeProblem = error && reasonOf(error);
      const lost = queue.lost - saidLost;
      if (error !== undefined || lost === 0) return;
      saidLost = queue.lost;
      if (lossLine !== undefined) queue.write(lossLine(lost));
    },
  });
  const adopt = async (fd: number) => {
    openProblem = undefined;
    const before = await queue.switchTo(fd);
    if (before !== undefined) closeSync(before);
  };
  const openNow = async () => {
    try {
      await mkdir(dirname(path), { recursive: true });
      const fd = await openLater(path);
      if (closed) closeSync(fd);
      else void adopt(fd);
    } catch (error) {
      openProblem = reasonOf(error as NodeJS.ErrnoException);
      retry ??= setTimeout(() => {
        retry = undefined;
        void reopen();
      }, REOPEN_EVERY_MS).unref();
    }
    return openProblem;
  };
  const reopen = () => {
    opening ??= openNow().finally(() => {
      opening = undefined;
    });
    return withinTime(opening);
  };
  try {
    mkdirSync(dirname(path), { recursive: true });
    void queue.switchTo(openSync(path, FLAGS));
  } catch (error) {
    openProblem = reasonOf(error as NodeJS.ErrnoException);
    void reopen();
  }
  const atExit = () => queue.flushAtExit();
  process.once("exit", atExit);
  return {
    write: (line) => queue.write(line),
    reopen,
    get problem() {
      return openProblem ?? writeProblem;
    },
    get lost() {
      return queue.lost;
    },
    close: async () => {
      if (opening !== undefined) await withinTime(opening);
      await queue.flush(FLUSH_TIMEOUT_MS);
      closed = true;
      clearTimeout(retry);
      process.off("exit", atExit);
      // closing a stalled file would block too
      if (queue.waitingBytes > 0) return;
      const fd = await queue.switchTo(undefined);
      if (fd !== undefined) closeSync(fd);
    },
  };
}

/** Opens a plain descriptor: unlike a FileHandle, it is not closed by garbage collection. */
function openLater(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, FLAGS, (error, fd) => (error === null ? resolve(fd) : reject(error)));
  });
}

async function withinTime(opening: Promise<string | undefined>): Promise<string | undefined> {
  let late: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    late = setTimeout(() => resolve(`not opened within ${OPEN_TIMEOUT_MS / 1000} s`), OPEN_TIMEOUT_MS);
  });
  try {
    return await Promise.race([opening, timeout]);
  } finally {
    clearTimeout(late);
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "permission denied",
    ENOSPC: "no space left",
    EDQUOT: "no space left in the quota",
    EROFS: "the file system is read-only",
    EISDIR: "it is a folder",
    ENOTDIR: "part of its path is not a folder",
    ENXIO: "nobody reads this pipe",
    EPIPE: "nobody reads this pipe",
    EMFILE: "too many open files",
    ENFILE: "too many open files",
  };
  const known = reasons[code ?? ""];
  return known === undefined ? message : `${known} (${code})`;
}
