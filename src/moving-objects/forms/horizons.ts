import { SisError } from "../../errors/sis-error.ts";
import { unreadable } from "../list-error.ts";
import type { ObjectList, ObjectRow } from "../object-row.ts";
import type { TimeScale } from "../time/time-scale.ts";
import { type FormOptions, TableRows } from "./build-row.ts";
import type { Cell } from "./cells.ts";
import type { ListColumn } from "./columns.ts";
import { linesOf } from "./decode-text.ts";

/** Nodes of an ephemeris for each row that a list may have: far fewer frames show the object. */
const NODES_PER_ROW = 10;

/** A column of an observer table: its title, and where the text of its values ends. */
interface Title {
  readonly name: string;
  /** Offset after the title; -1 in CSV. */
  readonly end: number;
}

/** What a title means: a column of lists, or the position, which is two columns in one. */
type Meaning = ListColumn | "place" | undefined;

/**
 * Names of lists for the titles of Horizons (its manual, "Observer table"). The angles of PsAng and
 * PsAMV point away from the Sun and against the motion.
 */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "dRA*cosD": "dra",
    "d(DEC)/dt": "ddec",
    SMAA_3sig: "smaa_3sigma",
    SMIA_3sig: "smia_3sigma",
    Theta: "unc_theta",
    PsAng: "suntargetpa",
    PsAMV: "velocitypa",
    APmag: "vmag",
    "T-mag": "vmag",
    delta: "delta",
  }),
);

/** `Date__(UT)__HR:MN`, `Date_________JDUT`, in UT or a dynamical time scale. */
function dateColumn(title: string): ListColumn | undefined {
  const calendar = /^Date_*\((UT|TDB|TT|CT)\)/.exec(title)?.[1];
  const julian = /^Date_*JD(UT|TDB|TT|CT)$/.exec(title)?.[1];
  const scale = scaleOf(calendar ?? julian);
  if (scale === undefined) return undefined;
  return { name: julian === undefined ? "time" : "jd", scale };
}

function scaleOf(name: string | undefined): TimeScale | undefined {
  if (name === undefined) return undefined;
  // CT, coordinate time, was the name of TDB
  return name === "UT" ? "utc" : name === "TT" ? "tt" : "tdb";
}

function meaningOf(title: string): Meaning {
  if (/^R\.A\._*\(ICRF(?:\/J2000\.0)?\)_*DEC$/.test(title)) return "place";
  if (/^R\.A\._*\(ICRF(?:\/J2000\.0)?\)$/.test(title)) return { name: "ra" };
  if (/^DEC_*\(ICRF(?:\/J2000\.0)?\)$/.test(title)) return { name: "dec" };
  const name = NAMES.get(title);
  return dateColumn(title) ?? (name === undefined ? undefined : { name });
}

function titlesOf(header: string, isCsv: boolean): readonly Title[] {
  if (isCsv) return header.split(",").map((name) => ({ name: name.trim(), end: -1 }));
  return [...header.matchAll(/\S+/g)].map(({ 0: name, index }) => ({ name, end: index + name.length }));
}

/** Values of a line by title: those of CSV in order, the others by where they end. */
function valuesOf(line: string, titles: readonly Title[], isCsv: boolean): readonly string[] {
  if (isCsv) return line.split(",").map((cell) => cell.trim());
  const values = titles.map(() => [] as string[]);
  for (const { 0: word, index } of line.matchAll(/\S+/g)) {
    const end = index + word.length;
    // marks of the Sun and the Moon are between the date and the first value
    const at = titles.findIndex((title, i) => end <= title.end || i === titles.length - 1);
    values[at]!.push(word);
  }
  return values.map((words) => words.join(" "));
}

/** Right ascension and declination of a value that has both. */
function placeOf(value: string): readonly [string, string] {
  const words = value.split(" ").filter((word) => !/^[*CNAmrtsxe]+$/.test(word));
  const half = words.length / 2;
  return [words.slice(0, half).join(" "), words.slice(half).join(" ")];
}

/** A date of the era before Christ, which begins with b in the first column. */
const isBeforeChrist = (line: string): boolean => /^\s*b/.test(line);

function noIcrf(titles: readonly Title[]): SisError<"EPHEMERIS_FRAME"> {
  const shown = titles.filter(({ name }) => /^(?:R\.A\.|DEC)/.test(name)).map(({ name }) => name);
  const what =
    shown.length === 0
      ? "it has no column of right ascensions"
      : `its positions are ${shown.join(", ")}, not ICRF`;
  return new SisError(
    "EPHEMERIS_FRAME",
    `The ephemeris cannot be used: ${what}. Request an observer table with quantity 1 (astrometric RA and Dec, ICRF) from Horizons.`,
  );
}

/** The facts that the header of an ephemeris states line by line. */
function factsOf(lines: readonly string[]) {
  const fact = (name: RegExp) =>
    lines.map((line) => name.exec(line)?.[1]?.trim()).find((text) => text !== undefined);
  return {
    target: fact(/^Target body name: (.*?)(?:\{|$)/) ?? null,
    center: fact(/^Center body name: (.*?)(?:\{|$)/) ?? null,
    isGeocentric: (fact(/^Center-site name: (.*)$/) ?? "").toUpperCase() === "GEOCENTRIC",
  };
}

/** Number of the Earth as a body of Horizons. */
const EARTH = 399;

/**
 * Errors: EPHEMERIS_FRAME for positions as seen from the Sun, a barycenter or another planet.
 * Numbers below 0 are spacecraft, whose images may be in the catalog.
 */
function refuseOtherCenters(center: string | null): void {
  const id = /\((-?\d+)\)\s*$/.exec(center ?? "")?.[1];
  if (id === undefined || Number(id) < 0 || Number(id) === EARTH) return;
  throw new SisError(
    "EPHEMERIS_FRAME",
    `The ephemeris cannot be used: its positions are as seen from ${center}, not from the Earth. Request one for the observatory from Horizons.`,
  );
}

/** Warns of the parallax of a position as seen from the center of the Earth. */
function geocentric(row: ObjectRow): ObjectRow {
  return { ...row, warnings: [...row.warnings, "GEOCENTRIC"] };
}

/** Horizontal parallax at a distance of 1 au, arcseconds (IAU 1976). */
const PARALLAX = 8.794;

function geocentricNote(deltas: readonly number[]): string {
  const least = Math.min(...deltas);
  const most = Number.isFinite(least) ? `${(PARALLAX / least).toFixed(1)} arcsec` : '8.8"/delta[au]';
  return `The ephemeris is geocentric: positions are off by the parallax, up to ${most}. Request one for the observatory.`;
}

/**
 * An observer table of JPL Horizons, as text or CSV: the lines between $$SOE and $$EOE, with the
 * columns of the line above. Uncertainties are 3 standard deviations; `Theta` counts from east
 * towards north.
 * Errors: LIST_UNREADABLE, LIST_TOO_LARGE; EPHEMERIS_FRAME when the table has no ICRF positions as
 * seen from the Earth.
 */
export function readHorizons(text: string, options: FormOptions): ObjectList {
  const lines = linesOf(text);
  const start = lines.findIndex((line) => line.trim() === "$$SOE");
  if (start < 0) throw unreadable("there is no line $$SOE", { line: lines.length, column: 1 });
  const end = lines.findIndex((line, i) => i > start && line.trim() === "$$EOE");
  if (end < 0)
    throw unreadable("there is no line $$EOE, so the ephemeris is not complete", {
      line: lines.length,
      column: 1,
    });
  const above = lines
    .slice(0, start)
    .findLastIndex((line) => line.trim() !== "" && !/^\s*\*+\s*$/.test(line));
  const header = lines[above] ?? "";
  const isCsv = header.includes(",");
  const titles = titlesOf(header, isCsv);
  const meanings = titles.map(({ name }) => meaningOf(name));
  const names = meanings.map((meaning) => (typeof meaning === "object" ? meaning.name : meaning));
  const isPlaced = names.includes("place") || (names.includes("ra") && names.includes("dec"));
  if (!isPlaced) throw noIcrf(titles);
  if (!names.includes("time") && !names.includes("jd")) {
    throw unreadable("no column is a date in UT, TT or TDB", { line: above + 1, column: 1 });
  }
  const used = meanings.flatMap((meaning, i) => (meaning === undefined ? [] : [{ meaning, i }]));
  const columns = used.flatMap(({ meaning }): readonly ListColumn[] =>
    meaning === "place" ? [{ name: "ra" }, { name: "dec" }] : [meaning],
  );
  const rules = { sigma: 3, ratesOfDate: true, uncTheta: "theta" } as const;
  const most = { ...options, maximumRows: NODES_PER_ROW * options.maximumRows };
  const table = new TableRows(columns, rules, most, above + 1);
  const at = names.indexOf("delta");
  const deltas: number[] = [];
  for (const line of lines.slice(start + 1, end)) {
    // Horizons marks where the target rises, transits and sets
    if (line.trim() === "" || line.trim().startsWith(">")) continue;
    const values = valuesOf(line, titles, isCsv);
    const cells = used.flatMap(({ meaning, i }): readonly Cell[] =>
      meaning === "place" ? placeOf(values[i] ?? "") : [values[i]?.trim()],
    );
    if (at >= 0 && Number(values[at]) > 0) deltas.push(Number(values[at]));
    if (isBeforeChrist(line))
      table.addInvalid(
        cells.map(() => null),
        "The date is before Christ.",
      );
    else table.add(cells);
  }
  if (table.rows.length === 0)
    throw unreadable("there is nothing between $$SOE and $$EOE", { line: start + 1, column: 1 });
  const { target, center, isGeocentric } = factsOf(lines.slice(0, start));
  refuseOtherCenters(center);
  return {
    form: "horizons",
    target,
    isEphemeris: true,
    rows: isGeocentric ? table.rows.map(geocentric) : table.rows,
    ignored: titles
      .filter((_, i) => meanings[i] === undefined)
      .map(({ name }) => name)
      .filter((name) => name !== ""),
    notes: isGeocentric ? [geocentricNote(deltas)] : [],
    options: {},
  };
}
