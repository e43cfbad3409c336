import { type Header, headerNumber } from "@sbnsis/fits";
import { mjdOfTime, surveyProfile, unixMsOfMjd } from "@sbnsis/pds4";
import type { ImageDetail } from "../../catalog/catalog.ts";

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

/** A date or a Modified Julian Date; undefined where the card is missing or is neither. */
function timeOf(header: Header, keyword: string): number | undefined {
  const value = header.index.get(keyword)?.value;
  if (typeof value === "number") return value > 0 ? value : undefined;
  // some writers leave out the closing quote, and the rest of the card joins the value
  return typeof value === "string" ? mjdOfTime(value.split("/", 1)[0]!.trim()) : undefined;
}

function secondsOf(header: Header, keyword: string): number | undefined {
  return header.index.has(keyword) ? headerNumber(header, keyword) : undefined;
}

/**
 * The middle of an exposure from the label, else from the header by the survey's rule. Undefined
 * when neither has it.
 *
 * @param header called only if the label has no times
 */
export function midTime(
  id: string,
  detail: Pick<ImageDetail, "startMjd" | "stopMjd" | "exposure"> | undefined,
  header: () => Header,
): MidTime | undefined {
  const { startMjd = null, stopMjd = null, exposure = null } = detail ?? {};
  if (startMjd !== null && stopMjd !== null) {
    const length = (stopMjd - startMjd) * 86_400;
    return {
      mjd: (startMjd + stopMjd) / 2,
      from: "label",
      exposure: exposure ?? (length > 0 ? length : null),
    };
  }
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
