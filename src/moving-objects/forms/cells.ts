import { DEC_ALLOWED, RA_ALLOWED, readDeclination, readRightAscension } from "../../config/sky-angle.ts";
import { shownValue, textReader } from "../../config/text-value.ts";
import { cutoutSize, SIZE_ALLOWED } from "../../products/request/cutout-size.ts";
import { TIME_ALLOWED, writtenTime } from "../time/written-time.ts";
import {
  arcsecPerHourPerUnit,
  arcsecPerUnit,
  type ColumnKey,
  daysPerUnit,
  type KnownColumn,
} from "./columns.ts";

/** A cell of a list before it is interpreted; null and undefined are empty. */
export type Cell = string | number | boolean | null | undefined | object;

/** Values of one row by key, and its first problem. */
export interface RowValues {
  readonly values: Partial<Record<ColumnKey, string | number | boolean>>;
  readonly problem: { readonly column: string; readonly detail: string } | undefined;
}

/** Texts that mean no value. */
const EMPTY = new Set(["", "n.a.", "n/a", "nan", "null", "none", "--"]);

const LONGEST_EMPTY = Math.max(...[...EMPTY].map((text) => text.length));

/** Longest text that a row keeps. */
const LONGEST_TEXT = 255;

const readNumber = textReader({ type: "number" });

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ...["true", "t", "yes", "y", "1"].map((text) => [text, true] as const),
  ...["false", "f", "no", "n", "0"].map((text) => [text, false] as const),
]);

/** A value, or what is allowed instead. */
type Read = { readonly value: string | number | boolean } | { readonly allowed: string };

function isEmpty(cell: Cell): boolean {
  if (cell === null || cell === undefined) return true;
  if (typeof cell === "number") return Number.isNaN(cell);
  if (typeof cell !== "string") return false;
  const text = cell.trim();
  return text.length <= LONGEST_EMPTY && EMPTY.has(text.toLowerCase());
}

function numberOf(cell: Cell): number | undefined {
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : undefined;
  const value = typeof cell === "string" ? readNumber(cell.trim()) : undefined;
  return typeof value === "number" ? value : undefined;
}

/** A number in a unit, as `factor(unit)` of the unit wanted. */
function scaled(cell: Cell, factor: number | undefined, unit: string, allowed: string): Read {
  const value = numberOf(cell);
  if (value === undefined) return { allowed };
  if (factor === undefined) return { allowed: `a unit other than ${shownValue(unit)}` };
  return { value: factor === 1 ? value : value * factor };
}

function placeOf(cell: Cell, { meaning, unit }: KnownColumn): Read {
  const isRa = meaning.kind === "ra";
  const allowed = isRa ? RA_ALLOWED : DEC_ALLOWED;
  const [least, most] = isRa ? [0, 360] : [-90, 90];
  const number = numberOf(cell);
  const sexagesimal = typeof cell === "string" && number === undefined;
  if (sexagesimal || unit === undefined || unit.trim() === "") {
    if (number !== undefined && number >= least && number <= most) return { value: number };
    const read = (isRa ? readRightAscension : readDeclination)(String(cell));
    return "degrees" in read ? { value: read.degrees } : { allowed };
  }
  const factor = arcsecPerUnit(unit);
  const inDegrees = scaled(cell, factor === undefined ? undefined : factor / 3600, unit, allowed);
  if ("allowed" in inDegrees) return inDegrees;
  const degrees = inDegrees.value as number;
  return degrees >= least && degrees <= most ? { value: degrees } : { allowed };
}

function timeOf(cell: Cell, column: KnownColumn): Read {
  const { kind, scale } = column.meaning.time ?? { kind: "any", scale: "utc" };
  if (typeof cell !== "string" && typeof cell !== "number") return { allowed: TIME_ALLOWED };
  let days: string | number = cell;
  const number = numberOf(cell);
  // a unit other than days needs an origin to be a time
  if (number !== undefined && column.unit !== undefined && column.origin !== undefined) {
    const factor = daysPerUnit(column.unit);
    if (factor === undefined) return { allowed: `a unit other than ${shownValue(column.unit)}` };
    days = number * factor;
  }
  const mjd = writtenTime(days, {
    kind,
    scale: column.scale ?? scale,
    ...(column.origin !== undefined && { origin: column.origin }),
  });
  return mjd === undefined ? { allowed: TIME_ALLOWED } : { value: mjd };
}

function angleOf(cell: Cell, { meaning, unit = "deg" }: KnownColumn): Read {
  const factor = arcsecPerUnit(unit);
  const allowed = "an angle in degrees from -360 to 360";
  const read = scaled(cell, factor === undefined ? undefined : factor / 3600, unit, allowed);
  if ("allowed" in read) return read;
  const degrees = read.value as number;
  if (Math.abs(degrees) > 360) return { allowed };
  return { value: degrees + (meaning.offset ?? 0) };
}

function textOf(cell: Cell): Read {
  const allowed = `text of at most ${LONGEST_TEXT} characters`;
  if (typeof cell === "object" || cell === undefined) return { allowed };
  const text = String(cell).trim();
  return text.length <= LONGEST_TEXT ? { value: text } : { allowed };
}

function sizeOf(cell: Cell): Read {
  try {
    return { value: cutoutSize(String(cell).trim()).text };
  } catch {
    return { allowed: SIZE_ALLOWED };
  }
}

const LEAST: Partial<Record<ColumnKey, number>> = {
  rate: 0,
  unc_a: 0,
  unc_b: 0,
  weight: 0,
  rms_ra: 0,
  rms_dec: 0,
};

/** Larger numbers are mistakes, and what is computed from them would not be finite. */
const MOST = 1e15;

function within(read: Read, key: ColumnKey): Read {
  if ("allowed" in read || typeof read.value !== "number") return read;
  if (!(Math.abs(read.value) <= MOST)) return { allowed: `a number from -${MOST} to ${MOST}` };
  if (key === "rms_corr" && Math.abs(read.value) > 1) return { allowed: "a number from -1 to 1" };
  if (key === "unc_sigma" && read.value <= 0) return { allowed: "a number above 0" };
  const least = LEAST[key];
  return least !== undefined && read.value < least ? { allowed: `a number from ${least}` } : read;
}

function read(cell: Cell, column: KnownColumn): Read {
  const { kind, unit: usual = "" } = column.meaning;
  const unit = column.unit === undefined || column.unit.trim() === "" ? usual : column.unit;
  switch (kind) {
    case "ra":
    case "dec":
      return placeOf(cell, column);
    case "time":
      return timeOf(cell, column);
    case "angle":
      return angleOf(cell, { ...column, unit });
    case "arcsec":
      return scaled(cell, arcsecPerUnit(unit), unit, "a number of arcseconds");
    case "motion":
      return scaled(cell, arcsecPerHourPerUnit(unit), unit, "a number of arcseconds per hour");
    case "number":
      return scaled(cell, 1, unit, "a number");
    case "size":
      return sizeOf(cell);
    case "flag": {
      const value = FLAGS.get(String(cell).trim().toLowerCase());
      return value === undefined ? { allowed: "true, false" } : { value };
    }
    case "text":
      return textOf(cell);
  }
}

/** The interpreted values of a row; the first cell that cannot be read is its problem. */
export function rowValues(cells: readonly Cell[], columns: readonly KnownColumn[]): RowValues {
  const values: RowValues["values"] = {};
  let problem: RowValues["problem"];
  for (const column of columns) {
    const cell = cells[column.index];
    if (isEmpty(cell)) continue;
    const { key } = column.meaning;
    const single = typeof cell === "object" ? { allowed: "a single value" } : read(cell, column);
    const result = within(single, key);
    if ("value" in result) values[key] = result.value;
    else {
      const shown = shownValue(typeof cell === "object" ? JSON.stringify(cell) : String(cell));
      problem ??= {
        column: column.name,
        detail: `Column ${column.name} is ${shown}; allowed: ${result.allowed}.`,
      };
    }
  }
  return { values, problem };
}
