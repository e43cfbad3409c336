import { SisError } from "../errors/sis-error.ts";

/** The variables of a `.env`; null for a name without a value, which sets nothing. */
export type DotEnv = Readonly<Record<string, string | null>>;

// whitespace according to Python's `str.isspace` and `\s`; JavaScript's `\s` differs in U+001C to
// U+001F, U+0085 and U+FEFF
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const BLANK = SPACE.replace("\\t-\\r", "\\t\\x0b\\x0c");

const ANY_SPACE = new RegExp(`[${SPACE}]*`, "y");
const BLANKS = new RegExp(`[${BLANK}]*`, "y");
const EXPORT = new RegExp(`(?:export[${BLANK}]+)?`, "y");
const QUOTED_KEY = /'([^']+)'/y;
const KEY = new RegExp(`([^=#${SPACE}]+)`, "y");
const EQUAL_SIGN = new RegExp(`(=[${BLANK}]*)`, "y");
const SINGLE_QUOTED = /'((?:\\[\s\S]|[^'\\])*)'/y;
const DOUBLE_QUOTED = /"((?:\\[\s\S]|[^"\\])*)"/y;
const REST_OF_LINE = /[^\n]*/y;
const COMMENT = new RegExp(`(?:[${BLANK}]*#[^\\n]*)?`, "y");
const END_OF_LINE = new RegExp(`[${BLANK}]*(?:\\n|$)`, "y");

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Why a line cannot be parsed. */
class Unreadable extends Error {}

/** Reads the text of a file, expression by expression. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Number of the current line, from 1. */
  get line(): number {
    return this.#text.slice(0, this.#at).split("\n").length;
  }

  get next(): string {
    return this.#text[this.#at] ?? "";
  }

  isAt(character: string): boolean {
    return this.next === character;
  }

  /**
   * Consumes what an expression matches here; returns its group if it has one. Errors: Unreadable.
   */
  take(expression: RegExp, reason = ""): string {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#text);
    if (match === null) throw new Unreadable(reason);
    this.#at = expression.lastIndex;
    return match[1] ?? match[0];
  }
}

function unquotedValue(rest: string): string {
  // a comment starts with a number sign after whitespace, anywhere in the value
  const comment = new RegExp(`[${SPACE}]#`).exec(rest);
  const value = comment === null ? rest : rest.slice(0, comment.index);
  return trimEnd(value);
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
}

function isSpace(character: string): boolean {
  ANY_SPACE.lastIndex = 0;
  ANY_SPACE.test(character);
  return ANY_SPACE.lastIndex > 0;
}

function readValue(reader: Reader): string {
  switch (reader.next) {
    case "'":
      return reader
        .take(SINGLE_QUOTED, "the quotation mark is not closed")
        .replace(/\\([\\'])/g, (_, sign: string) => sign);
    case '"':
      return reader
        .take(DOUBLE_QUOTED, "the quotation mark is not closed")
        .replace(/\\([\\'"abfnrtv])/g, (_, sign: string) => ESCAPES[sign] ?? sign);
    default:
      return unquotedValue(reader.take(REST_OF_LINE));
  }
}

/**
 * Reads one line, or several if a quoted value contains line ends; undefined for a comment. Errors:
 * Unreadable.
 */
function readBinding(reader: Reader): readonly [name: string, value: string | null] | undefined {
  reader.take(EXPORT);
  let name: string | undefined;
  if (reader.isAt("'")) name = reader.take(QUOTED_KEY, "the quotation mark is not closed");
  else if (!reader.isAt("#")) name = reader.take(KEY, "there is no name before the equal sign");
  reader.take(BLANKS);
  let value: string | null = null;
  if (reader.isAt("=")) {
    const hasBlanks = reader.take(EQUAL_SIGN).length > 1;
    value = hasBlanks && reader.isAt("#") ? "" : readValue(reader);
  }
  reader.take(COMMENT);
  reader.take(END_OF_LINE, value === null ? "there is no equal sign" : "something follows the value");
  return name === undefined ? undefined : [name, value];
}

/** Replaces each `${NAME}` and `${NAME:-default}` in a value. */
function interpolate(value: string, variableOf: (name: string) => string | null | undefined): string {
  let text = "";
  let done = 0;
  let close = -1;
  // Without a pattern, which would search for the brace from every `${` of a value that never
  // closes one.
  for (let open = value.indexOf("${"); open >= 0; open = value.indexOf("${", Math.max(done, open + 2))) {
    if (close < open) close = value.indexOf("}", open);
    if (close < 0) break;
    const colon = value.indexOf(":", open);
    const hasFallback = colon >= 0 && colon < close;
    if (hasFallback && value[colon + 1] !== "-") continue;
    const found = variableOf(value.slice(open + 2, hasFallback ? colon : close));
    const fallback = hasFallback ? value.slice(colon + 2, close) : "";
    text += value.slice(done, open) + (found === undefined ? fallback : (found ?? ""));
    done = close + 1;
  }
  return text + value.slice(done);
}

/**
 * The variables of the text of a `.env` according to python-dotenv 1.2, with which the Python
 * service reads it: comments, quotes, escapes, `export`, names without a value, and references to
 * variables above or in `environment` (the file wins).
 * Errors: CONFIG_INVALID, with the line, for what python-dotenv skips with a warning.
 */
export function parseDotEnv(text: string, environment: Readonly<Record<string, string | undefined>>): DotEnv {
  const reader = new Reader(text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n"));
  const values = new Map<string, string | null>();
  const variableOf = (name: string) => (values.has(name) ? values.get(name) : environment[name]);
  for (reader.take(ANY_SPACE); reader.next !== ""; reader.take(ANY_SPACE)) {
    const line = reader.line;
    try {
      const binding = readBinding(reader);
      if (binding === undefined) continue;
      const [name, value] = binding;
      values.set(name, value === null ? null : interpolate(value, variableOf));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      throw new SisError("CONFIG_INVALID", `line ${line} of the file .env cannot be read: ${error.message}`, {
        details: { line },
      });
    }
  }
  return Object.fromEntries(values);
}

/** Decodes the bytes of a `.env`. Errors: CONFIG_INVALID, with the line, if they are not UTF-8. */
export function decodeDotEnv(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch {
    const lines = Buffer.from(bytes)
      .toString("latin1")
      .split(/\r\n?|\n/);
    const isSound = (line: string) => {
      const own = Buffer.from(line, "latin1");
      return Buffer.from(own.toString("utf8"), "utf8").equals(own);
    };
    const line = lines.findIndex((one) => !isSound(one)) + 1;
    throw new SisError("CONFIG_INVALID", `line ${line} of the file .env is not UTF-8`, { details: { line } });
  }
}
