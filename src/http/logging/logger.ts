import { pino } from "pino";
import { SisError } from "../../errors/sis-error.ts";
import { type LogLevel, type LogRecord, logLine } from "./log-line.ts";

/** The log of one process. */
export interface Logger {
  info(record: LogRecord): void;
  warn(record: LogRecord): void;
  error(record: LogRecord): void;
  /** Writes a line of the access log, when there is one. */
  readonly access?: ((line: string) => void) | undefined;
  /** Opens the files anew under their names, after they were moved by a rotation. No line is lost. */
  reopen(): void;
  /** Writes what is waiting, and closes the files. */
  close(): Promise<void>;
}

export interface LoggerOptions {
  /** Absolute path of the log file; without it only stderr is written. */
  readonly file?: string;
  /** Absolute path of the access log; none is written when it is empty or not given. */
  readonly accessFile?: string;
  /** Whether lines go to stderr too. */
  readonly stderr?: boolean;
}

type Destination = ReturnType<typeof pino.destination>;

/**
 * Opens the log: its folder is made, lines are appended (O_APPEND), each in one write, so that several processes may share the file.
 * Errors: OPERATION_FAILED when the file cannot be opened.
 */
export function openLogger({ file, accessFile = "", stderr = true }: LoggerOptions): Logger {
  const files = file === undefined ? [] : [openLogFile(file)];
  const access = accessFile === "" ? undefined : openLogFile(accessFile);
  const owned = access === undefined ? files : [...files, access];
  // asynchronously, because a pipe that nobody reads must not stop the service
  const destinations = stderr ? [...files, pino.destination({ dest: 2, sync: false })] : files;
  // a full disk or a closed pipe must not end the service
  for (const destination of [...destinations, ...owned]) destination.on("error", () => undefined);
  const write = (level: LogLevel, record: LogRecord): void => {
    const line = logLine(level, new Date(), record);
    for (const destination of destinations) destination.write(line);
  };
  return {
    info: (record) => write("INFO", record),
    warn: (record) => write("WARNING", record),
    error: (record) => write("ERROR", record),
    access: access === undefined ? undefined : (line) => access.write(line),
    reopen: () => {
      for (const destination of owned) destination.reopen();
    },
    close: async () => {
      await Promise.all([...destinations, ...owned].map(flush));
      for (const destination of owned) destination.end();
    },
  };
}

/**
 * Appends lines to `file` as they are, each written when the call returns: a killed process loses none, and `reopen()` has happened when it
 * returns. The page cache takes a line in microseconds. Errors: OPERATION_FAILED.
 */
function openLogFile(file: string): Destination {
  try {
    return pino.destination({ dest: file, append: true, mkdir: true, sync: true });
  } catch (cause) {
    throw new SisError(
      "OPERATION_FAILED",
      `the log file ${file} cannot be opened: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

function flush(destination: Destination): Promise<void> {
  return new Promise((resolve) => destination.flush(() => resolve()));
}

/** An error as the log holds it: code, message, details, stack and the stacks of its causes. */
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
