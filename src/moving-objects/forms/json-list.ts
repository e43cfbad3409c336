import { placeOf, unreadable } from "../list-error.ts";
import type { ObjectList } from "../object-row.ts";
import { type FormOptions, PLAIN_RULES, type RowRules, TableRows } from "./build-row.ts";
import type { Cell } from "./cells.ts";
import { readHorizons } from "./horizons.ts";

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** V8 states the offset of most syntax errors in the message; the others are at the end. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const offset = /at position (\d+)/.exec(message)?.[1];
    const place = placeOf(text, offset === undefined ? text.length : Number(offset));
    throw unreadable("this is not JSON", place);
  }
}

const START = { line: 1, column: 1 };

/** Rows given as objects; the columns are the members of all of them. */
function objectRows(rows: readonly unknown[], rules: RowRules, options: FormOptions): TableRows {
  const names = new Map<string, number>();
  for (const row of rows) {
    if (isObject(row)) for (const name of Object.keys(row)) if (!names.has(name)) names.set(name, names.size);
  }
  if (rows.length === 0) throw unreadable("the list has no rows", START);
  if (names.size === 0) throw unreadable("the rows are not objects", START);
  const columns = [...names.keys()].map((name) => ({ name }));
  const table = new TableRows(columns, rules, options);
  for (const row of rows) {
    if (isObject(row)) table.add(columns.map(({ name }) => row[name] as Cell));
    else table.addInvalid([], "The row is not an object.");
  }
  return table;
}

/** The target of a search by CATCH, which only its parameters name. */
function catchTarget(document: JsonObject): string | null {
  const { parameters } = document;
  return isObject(parameters) && typeof parameters.target === "string" ? parameters.target : null;
}

/** Members of a JSON list that are not options. */
const NOT_OPTIONS = new Set(["rows", "target"]);

/**
 * A list in JSON: rows of CATCH (`data`), rows of our own (`rows`, or a plain array), or a response
 * of Horizons (`result`).
 * Errors: LIST_UNREADABLE, LIST_TOO_LARGE, EPHEMERIS_FRAME.
 */
export function readJsonList(text: string, options: FormOptions): ObjectList {
  const document = parsed(text);
  const common = { isEphemeris: false, notes: [], options: {} };
  const { uncTheta } = options;
  if (Array.isArray(document)) {
    const { rows, ignored } = objectRows(document, { ...PLAIN_RULES, uncTheta }, options);
    return { ...common, form: "json", target: null, rows, ignored };
  }
  if (!isObject(document)) throw unreadable("a JSON list is an object with rows, or an array of them", START);
  if (typeof document.result === "string") return readHorizons(document.result, options);
  if (Array.isArray(document.data)) {
    const rules = { sigma: 3, ratesOfDate: true, uncTheta };
    const { rows, ignored } = objectRows(document.data, rules, options);
    return { ...common, form: "catch", target: catchTarget(document), rows, ignored };
  }
  if (!Array.isArray(document.rows)) {
    throw unreadable(
      "the object has no member rows (or data, as CATCH sends it, or result, as Horizons does)",
      START,
    );
  }
  const { rows, ignored } = objectRows(document.rows, { ...PLAIN_RULES, uncTheta }, options);
  const others = Object.entries(document).filter(([name]) => !NOT_OPTIONS.has(name));
  const target = typeof document.target === "string" ? document.target : null;
  return { ...common, form: "json", target, rows, ignored, options: Object.fromEntries(others) };
}
