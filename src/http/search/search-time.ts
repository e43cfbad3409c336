import { mjdOfTime } from "@sbnsis/pds4";

/** A time interval, Modified Julian Date (UTC), both ends inclusive; ends may be infinite. */
export interface TimeInterval {
  readonly start: number;
  readonly stop: number;
}

/** A day number: five digits or more, or a fraction, so that a year is not mistaken for one. */
const MJD = /^-?(?:\d{5,7}|\d{1,7}\.\d*)$/;

/**
 * How long before midnight a date ends, days, so that it excludes an exposure that begins at
 * midnight: about 2 microseconds.
 */
const BEFORE_MIDNIGHT = 2e-11;

/**
 * First moment of the year, month or day of a date without a time of day; undefined if it is not a
 * valid date.
 */
function afterDate(text: string, start: number): number | undefined {
  const [, year, month] = /^(\d{4})(?:-(\d{2}))?$/.exec(text) ?? [];
  if (year === undefined) return /^\d{4}-(?:\d{2}-\d{2}|\d{3})$/.test(text) ? start + 1 : undefined;
  const isYearEnd = month === undefined || month === "12";
  const following = isYearEnd
    ? String(Number(year) + 1).padStart(4, "0")
    : `${year}-${String(Number(month) + 1).padStart(2, "0")}`;
  return mjdOfTime(following);
}

/** The first and the last moment of a written time: all of a year, a month or a date. */
function extentOf(text: string): TimeInterval | undefined {
  if (MJD.test(text)) return { start: Number(text), stop: Number(text) };
  const start = mjdOfTime(text);
  if (start === undefined) return undefined;
  const next = afterDate(text, start);
  return { start, stop: next === undefined ? start : next - BEFORE_MIDNIGHT };
}

const isOpen = (text: string) => text === "" || text === "..";

/**
 * `START/STOP` or a single time; undefined for anything else, and for an interval that ends before
 * it begins.
 */
export function timeInterval(text: string): TimeInterval | undefined {
  const ends = text.split("/").map((end) => end.trim());
  if (ends.length > 2) return undefined;
  const [first = "", last = first] = ends;
  if (ends.length === 1) return extentOf(first);
  const start = isOpen(first) ? Number.NEGATIVE_INFINITY : extentOf(first)?.start;
  const stop = isOpen(last) ? Number.POSITIVE_INFINITY : extentOf(last)?.stop;
  if (start === undefined || stop === undefined || start > stop) return undefined;
  return { start, stop };
}
