import { unreadable } from "../list-error.ts";
import type { ObjectList } from "../object-row.ts";
import { adesRow, adesTarget } from "./ades-row.ts";
import { PLAIN_RULES } from "./build-row.ts";
import { linesOf } from "./decode-text.ts";
import { type FormOptions, TableRows } from "./table-rows.ts";

/** The columns that an observation of ADES is understood from, in this order. */
export const ADES_COLUMNS = [
  ...["id", "label", "stn", "obsTime", "ra", "dec", "rmsRA", "rmsDec", "rmsCorr"],
].map((name) => ({ name }));

/**
 * ADES in its pipe-separated form (versions 2017 and 2022; "ADES Description", PSV): header records
 * begin with # and !, each block of them is followed by a line of column names.
 * Errors: LIST_UNREADABLE, LIST_TOO_LARGE.
 */
export function readAdesPsv(text: string, options: FormOptions): ObjectList {
  const table = new TableRows(ADES_COLUMNS, PLAIN_RULES, options);
  let names: readonly string[] | undefined;
  for (const [index, line] of linesOf(text).entries()) {
    if (line.trim() === "") continue;
    if (/^[#!]/.test(line)) {
      names = undefined;
      continue;
    }
    const cells = line.split("|").map((cell) => cell.trim());
    if (names === undefined) {
      if (!cells.includes("obsTime") && !cells.includes("stn")) {
        const reason = "a line of column names must follow the header records";
        throw unreadable(reason, { line: index + 1, column: 1 });
      }
      names = cells;
      continue;
    }
    const fields = new Map(names.map((name, i) => [name, cells[i] ?? ""]));
    const row = adesRow(fields);
    if (cells.length === names.length) table.add(row);
    else {
      const counts = `Line ${index + 1} has ${cells.length} fields, but there are ${names.length} columns.`;
      table.addInvalid(row, counts);
    }
  }
  if (table.rows.length === 0) throw unreadable("there are no observations", { line: 1, column: 1 });
  return {
    form: "ades-psv",
    target: adesTarget(table.rows),
    isEphemeris: false,
    rows: table.rows,
    ignored: [],
    notes: [],
    options: {},
  };
}
