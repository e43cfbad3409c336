import { mjdOfTime } from "@sbnsis/pds4";
import { type TimeScale, utcOf } from "./time-scale.ts";

/** Julian Date of day 0 of the Modified Julian Date. */
const MJD_ZERO = 2_400_000.5;

const DECIMAL = /^[+-]?\d+(?:\.\d*)?$/;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** A complete calendar date, or a date by day of the year: years and months alone are not times. */
const COMPLETE = /^\d{4}-(?:\d{2}-\d{2}|\d{3}(?!\d))/;

/** How a column states its times. */
export interface TimeForm {
  /** `mjd` and `jd` are numbers of days; `any` is a calendar date or either number by its size. */
  readonly kind: "any" | "mjd" | "jd";
  readonly scale: TimeScale;
  /** Added to numbers, days: the origin of a VOTable's TIMESYS. */
  readonly origin?: number;
}

/** Calendar dates with a blank before the time, or with the month's name as Horizons writes it. */
function isoOf(text: string): string {
  const named = /^(\d{4})-([A-Za-z]{3})-(\d{2})(.*)$/.exec(text);
  const month = named === null ? -1 : MONTHS.indexOf(named[2]!.toLowerCase());
  const iso =
    month < 0 ? text : `${named![1]}-${String(month + 1).padStart(2, "0")}-${named![3]}${named![4]}`;
  return iso.replace(/^(\d{4}-(?:\d{2}-\d{2}|\d{3})) +(?=\d)/, "$1T").replace(/ *(?:UTC?|Z)$/i, "Z");
}

/** Lowest Modified Julian Date that a number is taken for by its size: 1886-04-04. */
const LEAST_UNNAMED = 10_000;

/**
 * MJD of a number of days: Modified Julian Dates have five or six digits, Julian Dates seven. A
 * smaller number is a year, not a time, unless its column says that it is an MJD.
 */
function mjdOfDays(days: number, kind: TimeForm["kind"]): number | undefined {
  const isJulian = kind === "jd" || (kind === "any" && days >= 1_000_000);
  const mjd = isJulian ? days - MJD_ZERO : days;
  if (kind === "any" && mjd < LEAST_UNNAMED) return undefined;
  return mjd > 0 && mjd < 200_000 ? mjd : undefined;
}

/**
 * Modified Julian Date (UTC) of a written time: ISO 8601, a calendar date with the month's name, a
 * Julian Date or a Modified Julian Date. Undefined for anything else.
 */
export function writtenTime(written: string | number, form: TimeForm): number | undefined {
  if (typeof written === "number" || DECIMAL.test(written.trim())) {
    const days = Number(written) + (form.origin ?? 0);
    const mjd = Number.isFinite(days)
      ? mjdOfDays(days, form.origin === undefined ? form.kind : "any")
      : undefined;
    return mjd === undefined ? undefined : utcOf(mjd, form.scale);
  }
  if (form.kind !== "any") return undefined;
  const iso = isoOf(written.trim());
  if (!COMPLETE.test(iso)) return undefined;
  const mjd = mjdOfTime(iso);
  return mjd === undefined ? undefined : utcOf(mjd, form.scale);
}

/** What is allowed, in words. */
export const TIME_ALLOWED =
  "an ISO 8601 time such as 2020-07-14T04:15:29.414Z, a Julian Date or a Modified Julian Date";
