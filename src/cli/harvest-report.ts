import { closeSync, openSync, writeSync } from "node:fs";
import { SisError } from "../errors/sis-error.ts";
import type { HarvestEvent, HarvestSummary } from "../harvest/harvest.ts";

/** How often the state is said: on a terminal in one line that changes, elsewhere in lines of their own. */
const TERMINAL_MS = 200;
const PLAIN_MS = 5000;
/** Report lines that are collected before they are written. */
const BUFFER_LENGTH = 64 * 1024;

export interface ReportOptions {
  readonly verbose?: boolean;
  /** File for JSON lines. */
  readonly report?: string;
}

/** Tells the operator what a harvest does: failures and conflicts as they come, the state now and then, every label to a file. */
export class HarvestReport {
  readonly #verbose: boolean;
  readonly #file: number | undefined;
  readonly #terminal = process.stderr.isTTY === true;
  readonly #started = performance.now();
  #buffer = "";
  #said = performance.now();
  #lineOpen = false;

  /** Errors: OPERATION_FAILED when the report file cannot be written. */
  constructor({ verbose = false, report }: ReportOptions) {
    this.#verbose = verbose;
    if (report === undefined) return;
    try {
      this.#file = openSync(report, "w");
    } catch (cause) {
      throw new SisError("OPERATION_FAILED", `the report cannot be written: ${(cause as Error).message}`, {
        cause,
      });
    }
  }

  take(event: HarvestEvent, soFar: () => HarvestSummary): void {
    if (this.#file !== undefined) {
      this.#buffer += `${JSON.stringify(event)}\n`;
      if (this.#buffer.length > BUFFER_LENGTH) this.#writeBuffer();
    }
    const wrong = event.outcome === "failed" || event.outcome === "conflict";
    if (wrong || this.#verbose) {
      const reason = event.reason ?? (event.fileMissing ? "its data file is not there" : undefined);
      this.#line(`${event.outcome}: ${event.path}${reason === undefined ? "" : `: ${reason}`}`);
    }
    this.#progress(soFar);
  }

  finish(summary: HarvestSummary): void {
    const counts = Object.entries(summary.outcomes).filter(([, count]) => count > 0);
    const missing =
      summary.missingFiles > 0 ? `; ${summary.missingFiles} data files are not beside their labels` : "";
    if (counts.length > 0 || missing !== "") {
      this.#line(`${counts.map(([outcome, count]) => `${count} ${outcome}`).join(", ")}${missing}`);
    }
  }

  close(): void {
    this.#endLine();
    if (this.#file === undefined) return;
    this.#writeBuffer();
    closeSync(this.#file);
  }

  #progress(soFar: () => HarvestSummary): void {
    const now = performance.now();
    if (now - this.#said < (this.#terminal ? TERMINAL_MS : PLAIN_MS)) return;
    this.#said = now;
    const { labels, outcomes } = soFar();
    const done = Object.values(outcomes).reduce((a, b) => a + b, 0);
    const rate = Math.round(done / ((now - this.#started) / 1000));
    const text = `${done} of ${labels} labels found so far, ${rate}/s, ${outcomes.added} added, ${outcomes.failed} failed`;
    if (this.#terminal) {
      process.stderr.write(`\r\u001b[K${text}`);
      this.#lineOpen = true;
    } else process.stderr.write(`${text}\n`);
  }

  #line(text: string): void {
    this.#endLine();
    process.stderr.write(`${text}\n`);
  }

  #endLine(): void {
    if (this.#lineOpen) process.stderr.write("\r\u001b[K");
    this.#lineOpen = false;
  }

  #writeBuffer(): void {
    if (this.#file !== undefined && this.#buffer !== "") writeSync(this.#file, this.#buffer);
    this.#buffer = "";
  }
}
