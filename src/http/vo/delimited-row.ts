import type { CellValue } from "@sbnsis/vo";
import { csvTable } from "../responses/csv.ts";

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
