import { constants, fstatSync, openSync } from "node:fs";
import { LineQueue } from "./line-queue.ts";

/** Bytes of lines that wait at most while nobody reads them. */
const MAXIMUM_BYTES = 1024 * 1024;
/** Errors after which a descriptor takes nothing any more: its reader has gone. */
const GONE: ReadonlySet<string> = new Set(["EPIPE", "EIO", "EBADF", "ECONNRESET", "ENOTCONN", "EINVAL"]);
const FLUSH_TIMEOUT_MS = 1_000;

/** Standard error as a place for lines. */
export interface StandardError {
  /** Appends a line with its end. It is lost when nobody reads it. */
  write(line: string): void;
  /** Lines lost so far. */
  readonly lost: number;
  /** Writes what waits, for a second at most. */
  close(): Promise<void>;
}

/** Opens standard error so that a reader that is slow, has stopped or has gone neither holds up nor ends this process. */
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

/** A pipe is opened a second time, without blocking: its own descriptor is shared with other programs, which expect it to block. */
function descriptor(): number {
  try {
    if (fstatSync(2).isFIFO()) return openSync("/proc/self/fd/2", constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    // no such name on this system, a pipe of another user, or one without a reader: the descriptor as it is
  }
  return 2;
}
