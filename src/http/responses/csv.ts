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
