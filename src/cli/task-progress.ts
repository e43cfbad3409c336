import { progressBar } from "./progress-line.ts";

/**
 * How often progress is shown, in milliseconds: on a terminal in one updating line, elsewhere in
 * separate lines.
 */
const TERMINAL_MS = 200;
const PLAIN_MS = 5000;
/** When the first separate line is written. */
const FIRST_MS = 2000;
const BAR_WIDTH = 30;

/** Progress of a task in one line: a bar that is full only at the end, and counts. */
export function taskLine(done: number, total: number, subject: string, columns: number): string {
  const bar = progressBar(total === 0 ? 0 : done / total, BAR_WIDTH);
  // the last column stays free: some terminals wrap as soon as it is written
  return `${bar} ${done} of ${total} ${subject}`.slice(0, Math.max(0, columns - 1));
}

/** Shows the progress of a task of known length on stderr, once it takes more than a moment. */
export class TaskProgress {
  readonly #isTerminal = process.stderr.isTTY === true;
  #next = performance.now() + (this.#isTerminal ? 0 : FIRST_MS);
  #isLineOpen = false;

  update(done: number, total: number, subject: string): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + (this.#isTerminal ? TERMINAL_MS : PLAIN_MS);
    if (this.#isTerminal) {
      // a terminal of unknown width reports 0
      process.stderr.write(`\r\u001b[K${taskLine(done, total, subject, process.stderr.columns || 80)}`);
      this.#isLineOpen = true;
    } else process.stderr.write(`${done} of ${total} ${subject}\n`);
  }

  /** Clears the line of a terminal. */
  end(): void {
    if (this.#isLineOpen) process.stderr.write("\r\u001b[K");
    this.#isLineOpen = false;
  }
}
