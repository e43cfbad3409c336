import { write, writeSync } from "node:fs";

/** What a queue does with lines that its file cannot take at the moment. */
export interface LineQueueOptions {
  /** Lines are dropped and counted once this many bytes are waiting. */
  readonly maximumBytes: number;
  /** Called after each write with the error, or undefined if it succeeded. */
  readonly onOutcome: (problem: NodeJS.ErrnoException | undefined) => void;
}

/** Pauses before writing again to a full pipe and to a file that failed, in milliseconds. */
const FULL_PIPE_PAUSE_MS = 50;
const FAILURE_PAUSE_MS = 1_000;
/** A write that takes longer than this has stalled, in milliseconds. */
const STALLED_MS = 1_000;

/**
 * Writes whole lines to a descriptor in order, one asynchronous write at a time, so that a blocked
 * disk or pipe holds up nothing else. Failed writes are retried; the backlog is bounded.
 */
export class LineQueue {
  readonly #options: LineQueueOptions;
  #fd: number | undefined;
  #lines: string[] = [];
  #waiting = 0;
  /** The unwritten rest of the batch that is being written or will be retried. */
  #batch: Buffer | undefined;
  #batchLines = 0;
  #busySince: number | undefined;
  #retry: NodeJS.Timeout | undefined;
  #lost = 0;
  #idle: (() => void)[] = [];

  constructor(options: LineQueueOptions) {
    this.#options = options;
  }

  /** Number of lines dropped so far. */
  get lost(): number {
    return this.#lost;
  }

  /** Number of bytes waiting to be written. */
  get waitingBytes(): number {
    return this.#waiting + (this.#batch?.length ?? 0);
  }

  /** Appends a line, which includes its line end. */
  write(line: string): void {
    if (this.waitingBytes + line.length > this.#options.maximumBytes) {
      this.#lost++;
      return;
    }
    this.#lines.push(line);
    this.#waiting += line.length;
    this.#advance();
  }

  /**
   * Writes to another descriptor from now on; with undefined, lines wait. Returns the previous
   * descriptor once no write to it is in progress.
   */
  async switchTo(fd: number | undefined): Promise<number | undefined> {
    const before = this.#fd;
    const underWay = this.#busySince !== undefined;
    const idle = underWay ? this.#untilIdle() : undefined;
    this.#fd = fd;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    await idle;
    this.#advance();
    return before;
  }

  /** Resolves when nothing is waiting, or after `milliseconds`. */
  async flush(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    while (this.waitingBytes > 0 && performance.now() < end) {
      let late: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => {
        late = setTimeout(resolve, Math.min(20, Math.max(0, end - performance.now())));
      });
      await Promise.race([this.#untilIdle(), timeout]);
      clearTimeout(late);
    }
  }

  /**
   * Writes the backlog while the process exits, unless the file has stalled; never writes the batch
   * in progress twice.
   */
  flushAtExit(): void {
    if (this.#fd === undefined) return;
    const busy = this.#busySince !== undefined;
    if (busy && performance.now() - (this.#busySince ?? 0) > STALLED_MS) return;
    const parts = [
      ...(busy || this.#batch === undefined ? [] : [this.#batch]),
      Buffer.from(this.#lines.join("")),
    ];
    try {
      for (const part of parts) for (let at = 0; at < part.length; ) at += writeSync(this.#fd, part, at);
    } catch {
      // the file takes no more lines
    }
  }

  #advance(): void {
    if (this.#fd === undefined || this.#busySince !== undefined || this.#retry !== undefined) return;
    if (this.#batch === undefined) {
      if (this.#lines.length === 0) return;
      this.#batch = Buffer.from(this.#lines.join(""));
      this.#batchLines = this.#lines.length;
      this.#lines = [];
      this.#waiting = 0;
    }
    const { length } = this.#batch;
    this.#busySince = performance.now();
    write(this.#fd, this.#batch, 0, length, null, (error, written) => this.#written(error, written));
  }

  #written(error: NodeJS.ErrnoException | null, written: number): void {
    this.#busySince = undefined;
    for (const resolve of this.#idle.splice(0)) resolve();
    const full = error?.code === "EAGAIN";
    if (error === null) {
      const rest = this.#batch?.subarray(written);
      this.#batch = rest === undefined || rest.length === 0 ? undefined : rest;
    }
    if (!full) this.#options.onOutcome(error ?? undefined);
    if (error === null) this.#advance();
    else this.#retryIn(full ? FULL_PIPE_PAUSE_MS : FAILURE_PAUSE_MS);
  }

  /** Drops and counts the backlog: for a descriptor that will never accept anything again. */
  discard(): void {
    this.#lost += this.#lines.length + (this.#batch === undefined ? 0 : this.#batchLines);
    this.#lines = [];
    this.#waiting = 0;
    this.#batch = undefined;
  }

  #retryIn(milliseconds: number): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#advance();
    }, milliseconds).unref();
  }

  #untilIdle(): Promise<void> {
    return new Promise((resolve) => this.#idle.push(resolve));
  }
}
