import { configuredNodeName } from "../concurrency/process-identity.ts";
import { openLogFile } from "./log-file.ts";
import { type LogLevel, type LogRecord, logLine } from "./log-line.ts";
import type { Samples } from "./samples.ts";
import { openStandardError } from "./standard-streams.ts";

/** Where a process logs events. */
export interface Logger {
  info(record: LogRecord): void;
  warn(record: LogRecord): void;
  error(record: LogRecord): void;
  /** Writes a line to the access log, if there is one. */
  readonly access?: ((line: string) => void) | undefined;
  /** Reopens the files by name after a rotation. */
  reopen(): unknown;
  /** Writes the backlog and closes the files. */
  close(): Promise<void>;
}

/** The log of one process, in files and on standard error. */
export interface FileLogger extends Logger {
  /**
   * Loses no line: if a file cannot be reopened, lines go to the old one. Returns the reasons for
   * files that were not reopened.
   */
  reopen(): Promise<readonly string[]>;
  /** Why files accept no lines, or are written under another name; empty when all is well. */
  problems(): readonly string[];
  /** Lost lines and failing files, for monitoring. */
  samples(): Samples;
}

export interface LoggerOptions {
  /** Absolute path of the log file; without it, only standard error is written. */
  readonly file?: string;
  /** Absolute path of the access log; empty or undefined for none. */
  readonly accessFile?: string;
  /** Whether lines are also written to standard error. */
  readonly stderr?: boolean;
}

/**
 * Opens the log. Creates its folder and appends whole lines (O_APPEND), so that several processes
 * may share the file. A file that cannot be opened, is full or has stalled never stops the service:
 * lines wait, up to a limit, and lost lines are counted. Records name the machine last if it has a
 * name (SBNSIS_NODE_NAME).
 */
export function openLogger({ file, accessFile = "", stderr = true }: LoggerOptions): FileLogger {
  const lineOf = (level: LogLevel, record: LogRecord) =>
    logLine(level, new Date(), { ...record, node: configuredNodeName() });
  const lossLine = (count: number) => lineOf("WARNING", { event: "log lines lost", count });
  const main = file === undefined ? undefined : { path: file, log: openLogFile(file, { lossLine }) };
  const access = accessFile === "" ? undefined : { path: accessFile, log: openLogFile(accessFile) };
  const files = [main, access].filter((one) => one !== undefined);
  const terminal = stderr ? openStandardError() : undefined;
  const write = (level: LogLevel, record: LogRecord): void => {
    const line = lineOf(level, record);
    main?.log.write(line);
    terminal?.write(line);
  };
  const problems = () =>
    files.flatMap(({ path, log: { problem } }) => (problem === undefined ? [] : [`${path}: ${problem}`]));
  return {
    info: (record) => write("INFO", record),
    warn: (record) => write("WARNING", record),
    error: (record) => write("ERROR", record),
    access: access === undefined ? undefined : (line) => access.log.write(line),
    reopen: async () => {
      const reasons = await Promise.all(files.map(({ log }) => log.reopen()));
      return reasons.flatMap((reason, i) => (reason === undefined ? [] : [`${files[i]!.path}: ${reason}`]));
    },
    problems,
    samples: () => ({
      sbnsis_log_lines_lost_total: files.reduce((sum, { log }) => sum + log.lost, terminal?.lost ?? 0),
      sbnsis_log_files_failing: problems().length,
    }),
    close: async () => {
      await Promise.all([...files.map(({ log }) => log.close()), terminal?.close()]);
    },
  };
}

/** An error as a log record: code, message, details, stack and the stacks of its causes. */
export function errorRecord(error: unknown): LogRecord {
  if (!(error instanceof Error)) return { error: String(error) };
  const { code, details } = error as Error & { readonly code?: string; readonly details?: LogRecord };
  return { code, error: error.message, details, stack: stackOf(error) };
}

function stackOf(error: Error, depth = 0): string {
  const own = error.stack ?? error.message;
  if (!(error.cause instanceof Error) || depth === 5) return own;
  return `${own}\nCaused by: ${stackOf(error.cause, depth + 1)}`;
}
