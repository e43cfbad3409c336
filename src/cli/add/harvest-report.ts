import { closeSync, openSync, writeSync } from "node:fs";
import { SisError } from "../../errors/sis-error.ts";
import { systemReason } from "../../errors/system-reason.ts";
import type { LabelCounter } from "../../harvest/find/walk-labels.ts";
import type { HarvestEvent, HarvestSummary } from "../../harvest/harvest.ts";
import type { InventoryFinding } from "../../harvest/inventory.ts";
import { terminalLine } from "../../observe/terminal-text.ts";
import { barProgress, plainProgress } from "../progress-line.ts";
import { warn } from "../run-command.ts";

/**
 * How often progress is reported: on a terminal in one updating line, elsewhere in separate lines.
 */
const TERMINAL_MS = 200;
const PLAIN_MS = 5000;
/** When it is reported for the first time. */
const FIRST_MS = 2000;
/** Time spent counting labels at each update of that line. */
const COUNTING_MS = 20;
/** Inventory differences shown for each kind; the report file has all of them. */
const SHOWN_FINDINGS = 10;
/** Report lines buffered before they are written. */
const BUFFER_LENGTH = 64 * 1024;

export interface ReportOptions {
  readonly verbose?: boolean;
  /** File for JSON lines. */
  readonly report?: string;
  /** Counts the labels for the progress bar of a terminal. */
  readonly counter?: LabelCounter;
}

/**
 * Reports a harvest to the operator: failures and conflicts as they occur, progress at intervals,
 * and every label to a file.
 */
export class HarvestReport {
  readonly #verbose: boolean;
  readonly #file: number | undefined;
  readonly #counter: LabelCounter | undefined;
  readonly #findings: Record<InventoryFinding["outcome"], number> = {
    missing: 0,
    unlisted: 0,
    "other-version": 0,
  };
  readonly #terminal = process.stderr.isTTY === true;
  readonly #started = performance.now();
  #buffer = "";
  #reportedAt = performance.now() - (this.#terminal ? 0 : PLAIN_MS - FIRST_MS);
  #lineOpen = false;

  /** Errors: OPERATION_FAILED when the report file cannot be written. */
  constructor({ verbose = false, report, counter }: ReportOptions) {
    this.#verbose = verbose;
    this.#counter = counter;
    if (report === undefined) return;
    try {
      this.#file = openSync(report, "w");
    } catch (cause) {
      throw new SisError("OPERATION_FAILED", `the report cannot be written: ${systemReason(cause)}`, {
        cause,
      });
    }
  }

  take(event: HarvestEvent, soFar: () => HarvestSummary): void {
    this.#write(event);
    const wrong = event.outcome === "failed" || event.outcome === "conflict";
    if (wrong || this.#verbose) {
      const reason = event.reason ?? (event.fileMissing ? "its data file is missing" : undefined);
      this.#line(`${event.outcome}: ${event.path}${reason === undefined ? "" : `: ${reason}`}`);
    }
    this.#progress(soFar);
  }

  /**
   * Reports a difference from an inventory: to the report file always, to the terminal only the
   * first of each kind.
   */
  takeFinding(finding: InventoryFinding): void {
    this.#write(finding);
    const { outcome, path, lid, reason } = finding;
    this.#findings[outcome] += 1;
    if (this.#verbose || this.#findings[outcome] <= SHOWN_FINDINGS)
      this.#line(`${outcome}: ${path}: ${lid}: ${reason}`);
  }

  /** How inventories and labels differ. */
  finishInventory(): void {
    const { missing, unlisted, "other-version": other } = this.#findings;
    this.#line(
      `inventory: ${missing} listed products without a label, ${unlisted} unlisted labels, ${other} with another version`,
    );
  }

  finish(summary: HarvestSummary): void {
    const counts = Object.entries(summary.outcomes).filter(([, count]) => count > 0);
    const missing = summary.missingFiles > 0 ? `; ${summary.missingFiles} data files are missing` : "";
    if (counts.length > 0 || missing !== "") {
      this.#line(`${counts.map(([outcome, count]) => `${count} ${outcome}`).join(", ")}${missing}`);
    }
  }

  /** Closes the report file; lines that were not flushed are lost. */
  close(): void {
    this.endLine();
    if (this.#file !== undefined) closeSync(this.#file);
  }

  /** Writes the buffered lines to the report file. Errors: OPERATION_FAILED. */
  flush(): void {
    const lines = Buffer.from(this.#buffer);
    this.#buffer = "";
    try {
      // a nearly full disk takes some of the lines, and reports it only at the next attempt
      for (let at = 0; this.#file !== undefined && at < lines.length; )
        at += writeSync(this.#file, lines, at);
    } catch (cause) {
      throw new SisError("OPERATION_FAILED", `the report cannot be written: ${systemReason(cause)}`, {
        cause,
      });
    }
  }

  #progress(soFar: () => HarvestSummary): void {
    const now = performance.now();
    if (now - this.#reportedAt < (this.#terminal ? TERMINAL_MS : PLAIN_MS)) return;
    this.#reportedAt = now;
    const seconds = (now - this.#started) / 1000;
    if (this.#terminal) {
      const count = this.#counter?.advance(COUNTING_MS) ?? { labels: 0, isComplete: false };
      // a terminal of unknown width reports 0
      const columns = process.stderr.columns || 80;
      process.stderr.write(`\r\u001b[K${barProgress(soFar(), count, seconds, columns)}`);
      this.#lineOpen = true;
    } else process.stderr.write(`${plainProgress(soFar(), seconds)}\n`);
  }

  #line(text: string): void {
    this.endLine();
    warn(terminalLine(text));
  }

  /** Clears the progress line. */
  endLine(): void {
    if (this.#lineOpen) process.stderr.write("\r\u001b[K");
    this.#lineOpen = false;
  }

  #write(entry: HarvestEvent | InventoryFinding): void {
    if (this.#file === undefined) return;
    this.#buffer += `${JSON.stringify(entry)}\n`;
    if (this.#buffer.length > BUFFER_LENGTH) this.flush();
  }
}
