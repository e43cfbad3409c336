export type LogLevel = "INFO" | "WARNING" | "ERROR";
type LogValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly LogValue[]
  | { readonly [key: string]: LogValue };
/** One record; keys are written in order, undefined values are omitted. */
export type LogRecord = Readonly<Record<string, LogValue>>;

/** Anything but printable ASCII: it could break a line or control a terminal. */
const UNPRINTABLE = /[^\x20-\x7e]/g;

/**
 * One line of the log, including its line end: `LEVEL YYYY-MM-DD HH:MM:SS,mmm: {json}`, in local
 * time, with JSON in ASCII and a blank after commas and colons, as in the log of the Python
 * service. Nothing in `record` can start a new line.
 */
export function logLine(level: LogLevel, at: Date, record: LogRecord): string {
  const fields: string[] = [];
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (value !== undefined) fields.push(`${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  }
  const json = `{${fields.join(", ")}}`.replace(UNPRINTABLE, escapeUnit);
  return `${level} ${timestamp(at)}: ${json}\n`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function timestamp(at: Date): string {
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${date} ${time},${String(at.getMilliseconds()).padStart(3, "0")}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
