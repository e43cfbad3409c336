import type { HarvestSummary } from "../../harvest/harvest.ts";
import { openLogger } from "../../observe/logger.ts";
import { warn } from "../run-command.ts";

/** A run of `sbnsis-add` in the log of the service. */
export interface HarvestLog {
  /** Reports the end of the run, with its counts. */
  end(status: number, summary: HarvestSummary | undefined, failure?: string): void;
  close(): Promise<void>;
}

function countsOf({ directories, labels, processed, outcomes, missingFiles }: HarvestSummary) {
  return {
    directories,
    labels,
    processed,
    ...Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0)),
    missing_files: missingFiles,
  };
}

/**
 * Appends the start of a run to the log file; a log that cannot be written is reported on stderr
 * and does not stop the run.
 */
export function openHarvestLog(
  file: string,
  what: Readonly<Record<string, string | boolean | readonly string[]>>,
): HarvestLog {
  const logger = openLogger({ file, stderr: false });
  const started = performance.now();
  logger.info({ event: "harvest started", pid: process.pid, ...what });
  return {
    end(status, summary, failure) {
      const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
      const record = { pid: process.pid, exit_status: status, seconds, error: failure };
      const counts = summary === undefined ? {} : countsOf(summary);
      if (failure === undefined) logger.info({ event: "harvest ended", ...record, ...counts });
      else logger.error({ event: "harvest failed", ...record, ...counts });
    },
    async close() {
      for (const problem of logger.problems()) warn(`the log is not written: ${problem}`);
      await logger.close();
    },
  };
}
