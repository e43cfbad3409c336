import { unreadable } from "../list-error.ts";
import type { ObjectList } from "../object-row.ts";
import { type FormOptions, PLAIN_RULES, TableRows } from "./build-row.ts";

/** A line of cells, and where it begins. */
interface Record {
  readonly cells: readonly string[];
  readonly line: number;
}

const lineEnd = (text: string, at: number): number =>
  text[at] === "\r" && text[at + 1] === "\n" ? 2 : text[at] === "\r" || text[at] === "\n" ? 1 : 0;

/**
 * Records of delimited text (RFC 4180), lines ending in CR, LF or both. Blank lines and lines that
 * begin with # are skipped.
 * Errors: LIST_UNREADABLE for a quoted cell that is not closed.
 */
function* recordsOf(text: string, delimiter: string): Generator<Record> {
  if (!/"|\r(?!\n)/.test(text)) {
    yield* plainRecords(text, delimiter);
    return;
  }
  let [at, line, lineStart] = [0, 1, 0];
  while (at < text.length) {
    const start = line;
    const cells: string[] = [];
    const isComment = text[at] === "#";
    for (;;) {
      let cell = "";
      if (text[at] === '"' && !isComment) {
        const opened = { line, column: at - lineStart + 1 };
        for (at += 1; ; at += 1) {
          if (at >= text.length) throw unreadable("the quotation mark here is not closed", opened);
          if (text[at] === '"') {
            if (text[at + 1] !== '"') break;
            at += 1;
          }
          if (text[at] === "\n" || (text[at] === "\r" && text[at + 1] !== "\n")) {
            line += 1;
            lineStart = at + 1;
          }
          cell += text[at];
        }
        at += 1;
      }
      const from = at;
      while (at < text.length && text[at] !== delimiter && lineEnd(text, at) === 0) at += 1;
      cells.push(cell + text.slice(from, at));
      if (text[at] !== delimiter) break;
      at += 1;
    }
    at += lineEnd(text, at);
    line += 1;
    lineStart = at;
    if (!isComment && cells.some((cell) => cell.trim() !== "")) yield { cells, line: start };
  }
}

/** The records of text without quotation marks, whose lines end in LF or CR and LF. */
function* plainRecords(text: string, delimiter: string): Generator<Record> {
  for (let at = 0, line = 1; at < text.length; line += 1) {
    const end = text.indexOf("\n", at);
    const stop = end === -1 ? text.length : end;
    const written = text.slice(at, text[stop - 1] === "\r" && stop > at ? stop - 1 : stop);
    at = stop + 1;
    if (written.startsWith("#")) continue;
    const cells = written.split(delimiter);
    if (cells.some((cell) => cell.trim() !== "")) yield { cells, line };
  }
}

/** The delimiter of a header line: the most frequent one of tab, comma, semicolon and bar. */
export function delimiterOf(header: string): string | undefined {
  const counts = ["\t", ",", ";", "|"].map((sign) => ({ sign, count: header.split(sign).length - 1 }));
  const best = counts.reduce((a, b) => (b.count > a.count ? b : a));
  return best.count === 0 ? undefined : best.sign;
}

/**
 * CSV or TSV with a line of column names. A row whose number of cells is not that of the columns is
 * invalid.
 * Errors: LIST_UNREADABLE, LIST_TOO_LARGE.
 */
export function readDelimited(text: string, delimiter: string, options: FormOptions): ObjectList {
  const records = recordsOf(text, delimiter);
  const first = records.next();
  if (first.done === true) throw unreadable("there is no line with column names", { line: 1, column: 1 });
  const columns = first.value.cells.map((name) => ({ name }));
  const table = new TableRows(
    columns,
    { ...PLAIN_RULES, uncTheta: options.uncTheta },
    options,
    first.value.line,
  );
  for (const { cells, line } of records) {
    const count = cells.length;
    if (count === columns.length) table.add(cells);
    else table.addInvalid(cells, `Line ${line} has ${count} cells, but there are ${columns.length} columns.`);
  }
  return table.list(delimiter === "\t" ? "tsv" : "csv");
}
