import { unreadable } from "../list-error.ts";
import type { ObjectList, ObjectRow } from "../object-row.ts";
import { type FormOptions, PLAIN_RULES, TableRows } from "./build-row.ts";
import type { Cell } from "./cells.ts";
import { linesOf } from "./decode-text.ts";
import { readXml } from "./xml-events.ts";

/**
 * Cells in the order of ADES_COLUMNS from the fields of an observation. The first of permID, provID
 * and trkSub names the object.
 */
function adesRow(fields: ReadonlyMap<string, string>): readonly Cell[] {
  const field = (name: string) => fields.get(name);
  const name = [field("permID"), field("provID"), field("trkSub")].find((text) => (text ?? "") !== "");
  return [
    field("obsID") ?? name,
    name,
    field("stn"),
    field("obsTime"),
    field("ra"),
    field("dec"),
    field("rmsRA"),
    field("rmsDec"),
    field("rmsCorr"),
  ];
}

/** The list of the rows of a file; it has an object if all rows have the same one. */
function adesList(form: "ades-psv" | "ades-xml", rows: readonly ObjectRow[]): ObjectList {
  const [first] = rows;
  if (first === undefined) throw unreadable("there are no observations", { line: 1, column: 1 });
  const target = rows.every(({ label }) => label === first.label) ? first.label : null;
  return { form, target, isEphemeris: false, rows, ignored: [], notes: [], options: {} };
}

/** The columns into which an observation of ADES is converted, in order. */
const ADES_COLUMNS = [...["id", "label", "stn", "obsTime", "ra", "dec", "rmsRA", "rmsDec", "rmsCorr"]].map(
  (name) => ({ name }),
);

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
  return adesList("ades-psv", table.rows);
}

/** Elements that are one observation each. */
const OBSERVATIONS = new Set(["optical", "offset", "occultation", "radar"]);

const VERSIONS = new Set(["2017", "2022"]);

/**
 * ADES in XML, versions 2017 and 2022. Observations without a position (radar, offsets) are invalid
 * rows.
 * Errors: LIST_UNREADABLE, LIST_TOO_LARGE.
 */
export function readAdesXml(text: string, options: FormOptions): ObjectList {
  const table = new TableRows(ADES_COLUMNS, PLAIN_RULES, options);
  let fields: Map<string, string> | undefined;
  readXml(text, {
    open(name, { version }) {
      if (name === "ades" && version !== undefined && !VERSIONS.has(version)) {
        throw unreadable(`ADES version ${version.slice(0, 20)} is not 2017 or 2022`, { line: 1, column: 1 });
      }
      if (OBSERVATIONS.has(name)) fields = new Map();
    },
    close(name, content) {
      if (fields === undefined) return;
      if (OBSERVATIONS.has(name)) {
        table.add(adesRow(fields));
        fields = undefined;
      } else fields.set(name, content.trim());
    },
  });
  return adesList("ades-xml", table.rows);
}
