/** Modified Julian Date of 1970-01-01. */
const MJD_OF_UNIX_EPOCH = 40_587;
const DAY_MS = 86_400_000;

const PATTERN =
  /^(\d{4})(?:-(\d{3})(?!\d)|-(\d{2})(?:-(\d{2}))?)?(?:T(\d{2})(?::(\d{2})(?::(\d{2})(\.\d+)?)?)?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/;

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysOfMonth(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Milliseconds of the Unix epoch; Date.UTC would move the years 0 to 99 to the 20th century. */
function midnight(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/**
 * Modified Julian Date (UTC days) of a PDS4 or ISO 8601 time: `2020-07-14T04:15:29.414Z`,
 * `2020-196T04:15`, `2020-07`, `2020`.
 * UTC unless a zone is given. Omitted fields take their first value, so `2020` is the first instant
 * of that year; second 60 is a leap second.
 * Undefined for text that is not such a time.
 */
export function mjdOfTime(text: string): number | undefined {
  const match = PATTERN.exec(text.trim());
  if (match === null) return undefined;
  const [, y, dayOfYear, mo = "01", d = "01", h = "00", mi = "00", s = "00", fraction = "", zone] = match;
  const year = Number(y);
  const month = Number(mo);
  const day = Number(d);
  const [hour, minute, second] = [Number(h), Number(mi), Number(s)];
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return undefined;
  if (hour > 24 || minute > 59 || second > 60) return undefined;
  if (hour === 24 && (minute > 0 || second > 0)) return undefined;
  let date = midnight(year, month, day);
  if (dayOfYear !== undefined) {
    const ordinal = Number(dayOfYear);
    if (ordinal < 1 || ordinal > (isLeap(year) ? 366 : 365)) return undefined;
    date = midnight(year, 1, ordinal);
  }
  let offsetMinutes = 0;
  if (zone !== undefined && zone !== "Z") {
    offsetMinutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
    if (zone.startsWith("-")) offsetMinutes = -offsetMinutes;
  }
  // days and the fraction are added last: milliseconds in one sum would lose digits below 1 µs
  const seconds = hour * 3600 + (minute - offsetMinutes) * 60 + second + Number(`0${fraction}`);
  return date / DAY_MS + MJD_OF_UNIX_EPOCH + seconds / 86_400;
}

/** Milliseconds of the Unix epoch, an integer, at a Modified Julian Date (UTC days). */
export function unixMsOfMjd(mjd: number): number {
  return Math.round((mjd - MJD_OF_UNIX_EPOCH) * DAY_MS);
}
