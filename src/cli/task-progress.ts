import { progressBar } from "./progress-line.ts";

/** How often the state is shown, in milliseconds: on a terminal in one line that changes, elsewhere in lines of their own. */
const TERMINAL_MS = 200;
const PLAIN_MS = 5000;
/** When the first line of its own is written. */
const FIRST_MS = 2000;
const BAR_WIDTH = 30;

/** The state of a task in one line: a bar that is full only at the end, and counts. */
export function taskLine(done: number, total: number, subject: string, columns: number): string {
  const bar = progressBar(total === 0 ? 0 : done / total, BAR_WIDTH);
  // the last column stays free: some terminals go to the next line when it is written
  return `${bar} ${done} of ${total} ${subject}`.slice(0, Math.max(0, columns - 1));
}

/** Shows on stderr how far a task of known length is, once it takes more than a moment. */
export class TaskProgress {
  readonly #isTerminal = process.stderr.isTTY === true;
  #next = performance.now() + (this.#isTerminal ? 0 : FIRST_MS);
  #isLineOpen = false;

  update(done: number, total: number, subject: string): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + (this.#isTerminal ? TERMINAL_MS : PLAIN_MS);
    if (this.#isTerminal) {
      // a terminal that does not report its width reports 0
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
