import type { Json } from "../jobs/job.ts";
import { emptyRow, type ObjectRow } from "./object-row.ts";

/** No row has this number. */
const UNKNOWN = emptyRow(0);
const NAMES = Object.keys(UNKNOWN) as (keyof ObjectRow)[];

/** A row as JSON with only what is known of it: most rows have a few of their many members. */
export function rowText(row: ObjectRow): string {
  let text = "";
  for (const name of NAMES) {
    const value = row[name];
    // most members; the others are compared below
    if (value === null || value === UNKNOWN[name]) continue;
    if (name === "warnings" && row.warnings.length === 0) continue;
    text += `${text === "" ? "{" : ","}"${name}":${JSON.stringify(value)}`;
  }
  return `${text}}`;
}

/** The row of such a text, parsed. Older versions wrote all members. */
export function storedRow(value: Json): ObjectRow {
  return { ...UNKNOWN, ...(value as unknown as Partial<ObjectRow>) };
}

/** The rows of a list as JSON, each of which is needed for the id of the batch and for its job. */
export class RowTexts {
  readonly texts: readonly string[];
  readonly #rows: readonly ObjectRow[];

  constructor(rows: readonly ObjectRow[]) {
    this.#rows = rows;
    this.texts = rows.map(rowText);
  }

  /** The text of a row of the list, or of one that was made from it. */
  of(row: ObjectRow): string {
    return this.#rows[row.n - 1] === row ? this.texts[row.n - 1]! : rowText(row);
  }
}
