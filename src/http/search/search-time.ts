import { mjdOfTime } from "@sbnsis/pds4";

/** An interval of time, Modified Julian Date (UTC), both ends included; ends may be infinite. */
export interface TimeInterval {
  readonly start: number;
  readonly stop: number;
}

/** A day number: five digits or more, or a fraction, so that a year is not taken for one. */
const MJD = /^-?(?:\d{5,7}|\d{1,7}\.\d*)$/;

/** Days before midnight at which a date ends: what an exposure that begins at midnight is not taken for, about 2 microseconds. */
const BEFORE_MIDNIGHT = 2e-11;

/** First moment of the year, month or day after a date without time of day; undefined for what is no such date. */
function afterDate(text: string, start: number): number | undefined {
  const [, year, month] = /^(\d{4})(?:-(\d{2}))?$/.exec(text) ?? [];
  if (year === undefined) return /^\d{4}-(?:\d{2}-\d{2}|\d{3})$/.test(text) ? start + 1 : undefined;
  const isYearEnd = month === undefined || month === "12";
  const following = isYearEnd
    ? String(Number(year) + 1).padStart(4, "0")
    : `${year}-${String(Number(month) + 1).padStart(2, "0")}`;
  return mjdOfTime(following);
}

/** The first and the last moment that a written time stands for: of a year, a month or a date all of it. */
function extentOf(text: string): TimeInterval | undefined {
  if (MJD.test(text)) return { start: Number(text), stop: Number(text) };
  const start = mjdOfTime(text);
  if (start === undefined) return undefined;
  const next = afterDate(text, start);
  return { start, stop: next === undefined ? start : next - BEFORE_MIDNIGHT };
}

const isOpen = (text: string) => text === "" || text === "..";

/** `START/STOP` or a single time; undefined for what is neither, and for an interval that ends before it begins. */
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
