import { type Header, headerNumber, headerText } from "@sbnsis/fits";
import { mjdOfTime, surveyProfile, unixMsOfMjd } from "@sbnsis/pds4";
import type { ImageDetail } from "../../catalog/catalog.ts";
import { SisError } from "../../errors/sis-error.ts";
import { type TimeScale, utcOf } from "./time-scale.ts";

/** The middle of an exposure. */
export interface MidTime {
  /** Modified Julian Date, UTC. */
  readonly mjd: number;
  /** `label`, or `header:` and the keywords it comes from. */
  readonly from: string;
  /** Length of the exposure, seconds, if known. */
  readonly exposure: number | null;
}

/** Keywords of the beginning and length of an exposure, or of its middle, by survey. */
interface HeaderRule {
  readonly middle?: string;
  readonly start?: string;
  readonly seconds: string;
}

const RULES: Readonly<Record<string, readonly HeaderRule[]>> = {
  atlas: [{ start: "MJD-OBS", seconds: "EXPTIME" }],
  catalina: [{ middle: "DATE-MID", seconds: "EXPTIME" }],
  neat: [{ start: "DATE-OBS", seconds: "EXPOSURE" }],
};

/** Rules for any survey, the keywords of FITS 4.0 (9.5) that state a middle first. */
const ANY: readonly HeaderRule[] = [
  { middle: "MJD-AVG", seconds: "EXPTIME" },
  { middle: "DATE-AVG", seconds: "EXPTIME" },
  { start: "MJD-BEG", seconds: "EXPTIME" },
  { start: "DATE-BEG", seconds: "EXPTIME" },
  { start: "MJD-OBS", seconds: "EXPTIME" },
  { start: "DATE-OBS", seconds: "EXPTIME" },
];

/** Values of TIMESYS (FITS 4.0, table 30), also in their older names. */
const SCALES: ReadonlyMap<string, TimeScale> = new Map([
  ...["UTC", "UT", "UT1", "GMT"].map((name) => [name, "utc"] as const),
  ...["TAI", "IAT"].map((name) => [name, "tai"] as const),
  ...["TT", "TDT", "ET"].map((name) => [name, "tt"] as const),
  ["TDB", "tdb"],
]);

/** The time scale of a header; defaults to UTC if TIMESYS is missing. Errors: FITS_UNSUPPORTED. */
function scaleOf(header: Header): TimeScale {
  const written = headerText(header, "TIMESYS")?.trim() ?? "";
  // a realization may follow: TT(TAI)
  const name = written.replace(/\(.*$/, "").trim().toUpperCase();
  const scale = name === "" ? "utc" : SCALES.get(name);
  if (scale === undefined)
    throw new SisError(
      "FITS_UNSUPPORTED",
      `the time scale TIMESYS = ${JSON.stringify(written)} is not known`,
    );
  return scale;
}

/** Latest Modified Julian Date of an exposure, in 2132: a Julian Date is none. */
const LATEST = 100_000;

/**
 * A date with a time of day, or a Modified Julian Date, as MJD in UTC; undefined where the card is
 * missing or is neither. The time of day of DATE-OBS may be in TIME-OBS.
 */
function timeOf(header: Header, keyword: string): number | undefined {
  const value = header.index.get(keyword)?.value;
  let mjd: number | undefined;
  if (typeof value === "number") mjd = value;
  else if (typeof value === "string") {
    // some writers leave out the closing quote, and the rest of the card joins the value
    const date = value.split("/", 1)[0]!.trim();
    const time = header.index.get("TIME-OBS")?.value;
    if (date.includes("T")) mjd = mjdOfTime(date);
    else if (keyword === "DATE-OBS" && typeof time === "string") mjd = mjdOfTime(`${date}T${time.trim()}`);
  }
  return mjd !== undefined && mjd > 0 && mjd < LATEST ? utcOf(mjd, scaleOf(header)) : undefined;
}

function secondsOf(header: Header, keyword: string): number | undefined {
  return header.index.has(keyword) ? headerNumber(header, keyword) : undefined;
}

/** What a label says of the time of an exposure. */
type LabelTimes = Pick<ImageDetail, "startMjd" | "stopMjd" | "exposure">;

/** The middle of an exposure by its label alone; undefined when it lacks one of the times. */
export function midOfLabel(detail: LabelTimes | undefined): MidTime | undefined {
  const { startMjd = null, stopMjd = null, exposure = null } = detail ?? {};
  if (startMjd === null || stopMjd === null) return undefined;
  const length = (stopMjd - startMjd) * 86_400;
  return {
    mjd: (startMjd + stopMjd) / 2,
    from: "label",
    exposure: exposure ?? (length > 0 ? length : null),
  };
}

/**
 * The middle of an exposure from the label, else from the header by the survey's rule. Undefined
 * when neither has it.
 *
 * @param header called only if the label has no times
 */
export function midTime(
  id: string,
  detail: LabelTimes | undefined,
  header: () => Header,
): MidTime | undefined {
  const stated = midOfLabel(detail);
  if (stated !== undefined) return stated;
  const { exposure = null } = detail ?? {};
  const cards = header();
  for (const { middle, start, seconds } of [...(RULES[surveyProfile(id).name] ?? []), ...ANY]) {
    const length = secondsOf(cards, seconds);
    const at = timeOf(cards, middle ?? start ?? "");
    if (at === undefined) continue;
    if (middle !== undefined)
      return { mjd: at, from: `header:${middle}`, exposure: exposure ?? length ?? null };
    if (length === undefined) continue;
    const mjd = at + length / 2 / 86_400;
    return { mjd, from: `header:${start}+${seconds}/2`, exposure: exposure ?? length };
  }
  return undefined;
}

/** A Modified Julian Date (UTC) as an ISO 8601 time with milliseconds. */
export function isoTime(mjd: number): string {
  return new Date(unixMsOfMjd(mjd)).toISOString();
}
