import { mjdOfTime } from "@sbnsis/pds4";
import { readDeclination, readRightAscension } from "../../config/sky-angle.ts";
import { unreadable } from "../list-error.ts";
import { emptyRow, failedRow, type ObjectList, type ObjectRow } from "../object-row.ts";
import { type FormOptions, TableRows } from "./build-row.ts";
import { linesOf } from "./decode-text.ts";

/** Lines before the observations (MPC, "Guide to Minor Body Astrometry", header lines). */
const HEADER = /^(?:COD|CON|OBS|MEA|TEL|NET|BND|COM|NUM|ACK|AC2)\b/;

/** Notes in column 15 of lines that continue the line above them: satellite, radar, roving. */
const CONTINUATIONS = new Set(["s", "r", "v"]);

const DATE = /^(\d{4}) (\d{2}) (\d{2})(\.\d{1,9})?\s*$/;

/** Whether a line has the columns of an observation: a date, and a station at the end. */
export function isObservationLine(line: string): boolean {
  return DATE.test(line.slice(15, 32)) && line.length >= 80 && /^[A-Z0-9]\S{2}$/i.test(line.slice(77, 80));
}

function mjdOf(text: string): number | undefined {
  const [, year, month, day, fraction = ""] = DATE.exec(text) ?? [];
  const midnight = mjdOfTime(`${year}-${month}-${day}`);
  return midnight === undefined ? undefined : midnight + Number(`0${fraction}`);
}

/**
 * A coordinate in columns, with blanks between fields; the last one, or minutes, may have a
 * fraction.
 */
function degreesOf(text: string, isRa: boolean): number | undefined {
  const fields = text.trim().split(/ +/);
  const [units = "", minutes = ""] = fields;
  const full = fields.length === 2 ? sexagesimalOf(units, minutes) : fields.join(" ");
  if (full === undefined) return undefined;
  const read = (isRa ? readRightAscension : readDeclination)(full);
  return "degrees" in read ? read.degrees : undefined;
}

/** Units and minutes with a fraction, as three fields. */
function sexagesimalOf(units: string, minutes: string): string | undefined {
  const [whole = "", fraction = "0"] = minutes.split(".");
  if (!/^\d{1,2}$/.test(whole) || !/^\d*$/.test(fraction)) return undefined;
  return `${units} ${whole} ${(Number(`0.${fraction}`) * 60).toFixed(9)}`;
}

function rowOf(n: number, line: string): ObjectRow {
  const number = line.slice(0, 5).trim();
  const provisional = line.slice(5, 12).trim();
  const name = number === "" ? provisional : number;
  const [date, ra, dec] = [line.slice(15, 32), line.slice(32, 44), line.slice(44, 56)];
  const row: ObjectRow = {
    ...emptyRow(n),
    row: name === "" ? null : name,
    label: name === "" ? null : name,
    mjd: mjdOf(date) ?? null,
    ra: degreesOf(ra, true) ?? null,
    dec: degreesOf(dec, false) ?? null,
    station: line.slice(77, 80).trim() || null,
  };
  const invalid = (column: string, columns: string, text: string, allowed: string) =>
    failedRow(
      row,
      "ROW_INVALID",
      `${column} (columns ${columns}) is ${JSON.stringify(text)}; allowed: ${allowed}.`,
      column,
    );
  if (line.length < 80) {
    return failedRow(row, "ROW_INVALID", `The line has ${line.length} columns; an observation has 80.`, null);
  }
  if (row.mjd === null) return invalid("date", "16-32", date, "YYYY MM DD.dddddd");
  if (row.ra === null) return invalid("ra", "33-44", ra, "HH MM SS.ddd");
  if (row.dec === null) return invalid("dec", "45-56", dec, "sDD MM SS.dd");
  return row;
}

/**
 * Optical observations in the 80 columns of the Minor Planet Center (columns 16-32 date, 33-44 RA,
 * 45-56 Dec, 78-80 station; J2000). Second lines of satellites, radar and roving observers are
 * skipped with a note.
 * Errors: LIST_UNREADABLE when no line is an observation, LIST_TOO_LARGE.
 */
export function readMpc80(text: string, options: FormOptions): ObjectList {
  const table = new TableRows([{ name: "ra" }, { name: "dec" }], NO_RULES, options);
  let skipped = 0;
  for (const written of linesOf(text)) {
    const line = written.trimEnd();
    if (line === "" || HEADER.test(line)) continue;
    if (line.length >= 80 && CONTINUATIONS.has(line[14]!)) skipped += 1;
    else table.push((n) => rowOf(n, line));
  }
  if (table.rows.length === 0) throw unreadable("no line is an observation", { line: 1, column: 1 });
  const names = new Set(table.rows.map(({ label }) => label));
  return {
    form: "mpc80",
    target: names.size === 1 ? (table.rows[0]!.label ?? null) : null,
    isEphemeris: false,
    rows: table.rows,
    ignored: [],
    notes:
      skipped === 0
        ? []
        : [`${skipped} second lines of satellite, radar or roving observations were skipped.`],
    options: {},
  };
}

const NO_RULES = { sigma: 1, ratesOfDate: false, uncTheta: "theta" } as const;
