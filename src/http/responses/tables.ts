import { type CellValue, rowWriter, type VotableField, votableHead, votableTail } from "@sbnsis/vo";

/**
 * A table as CSV with a header line (RFC 4180). A cell that a spreadsheet would take for a formula
 * is prefixed with an apostrophe (OWASP, CSV Injection); numbers are unchanged.
 */
export function csvTable(header: readonly string[], rows: Iterable<readonly string[]>): string {
  const lines = [csvLine(header)];
  for (const row of rows) lines.push(csvLine(row));
  return lines.join("");
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/**
 * Characters that begin a formula, also in their fullwidth form or after characters that
 * spreadsheets skip.
 */
const FORMULA = /^[\s\0"']*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/** One number, or several separated by spaces. */
const NUMBERS = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?(?: [+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?)*$/i;

function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBERS.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A FIELD of a VOTable of this service; `ref` names the COOSYS or TIMESYS. */
export interface VotableColumn extends VotableField {
  readonly ref?: "icrs" | "utc";
  readonly ucd: string;
  readonly description: string;
}

/** What the VOTable of a response contains in addition to its rows. */
export interface VotableParts {
  readonly description: string;
  /** Facts by name. */
  readonly info: Readonly<Record<string, string | number>>;
  readonly columns: readonly VotableColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Whether matching rows were left out (DALI 1.1, 4.4.1). */
  readonly overflow: boolean;
}

/**
 * A VOTable document with one table; a row has a text for each column, empty for a missing value.
 */
export function votable({ description, info, columns, rows, overflow }: VotableParts): string {
  const writeRow = rowWriter(columns);
  return (
    votableHead({ description, info, fields: columns, hasSystems: true, rows: rows.length }) +
    rows.map(writeRow).join("") +
    votableTail({ status: overflow ? "OVERFLOW" : "OK" })
  );
}

/** Writes rows as CSV (RFC 4180) or TSV (IANA text/tab-separated-values), missing values empty. */
export function delimitedRow(kind: "csv" | "tsv"): (values: readonly CellValue[]) => string {
  if (kind === "tsv") return (values) => `${values.map((value) => tsvCell(cellText(value))).join("\t")}\n`;
  return (values) => csvTable(values.map(cellText), []);
}

/** A tab or a line break cannot be written in TSV. */
function tsvCell(text: string): string {
  return text.replace(/[\t\r\n]+/g, " ");
}

function cellText(value: CellValue): string {
  if (value === null) return "";
  return Array.isArray(value) ? value.join(" ") : String(value);
}
