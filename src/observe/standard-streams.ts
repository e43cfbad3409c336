import { constants, fstatSync, openSync } from "node:fs";
import { LineQueue } from "./line-queue.ts";

/** Limit of the backlog while nobody reads it, in bytes. */
const MAXIMUM_BYTES = 1024 * 1024;
/** Errors after which a descriptor accepts nothing any more: its reader is gone. */
const GONE: ReadonlySet<string> = new Set(["EPIPE", "EIO", "EBADF", "ECONNRESET", "ENOTCONN", "EINVAL"]);
const FLUSH_TIMEOUT_MS = 1_000;

/** Standard error as a destination for lines. */
export interface StandardError {
  /** Appends a line, which includes its line end. It is lost if nobody reads it. */
  write(line: string): void;
  /** Number of lines lost so far. */
  readonly lost: number;
  /** Writes the backlog, for at most a second. */
  close(): Promise<void>;
}

/**
 * Opens standard error such that a reader that is slow, has stopped or is gone neither blocks nor
 * ends this process.
 */
export function openStandardError(): StandardError {
  let gone = false;
  let lostWhenGone = 0;
  const queue = new LineQueue({
    maximumBytes: MAXIMUM_BYTES,
    onOutcome: (error) => {
      if (!GONE.has(error?.code ?? "")) return;
      gone = true;
      queue.discard();
    },
  });
  void queue.switchTo(descriptor());
  const atExit = () => queue.flushAtExit();
  process.once("exit", atExit);
  return {
    write: (line) => {
      if (gone) lostWhenGone++;
      else queue.write(line);
    },
    get lost() {
      return queue.lost + lostWhenGone;
    },
    close: async () => {
      await queue.flush(FLUSH_TIMEOUT_MS);
      process.off("exit", atExit);
    },
  };
}

/**
 * Opens a pipe a second time, non-blocking: descriptor 2 is shared with other programs, which
 * expect it to block.
 */
function descriptor(): number {
  try {
    if (fstatSync(2).isFIFO()) return openSync("/proc/self/fd/2", constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    // no such name on this system, another user's pipe, or one without a reader: use the descriptor
    // as it is
  }
  return 2;
}

/**
 * Keeps this process alive when the reader of its output is gone: writes to standard output or
 * standard error then fail with EPIPE, which would end the process. The output is lost. Calling it
 * again changes nothing.
 */
export function ignoreBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners("error").includes(lost)) stream.on("error", lost);
  }
}

function lost(): void {
  // nobody is left to report this to
}
