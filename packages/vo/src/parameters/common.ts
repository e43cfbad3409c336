import { usageError } from "../errors.ts";
import type { GivenParameters } from "./given-parameters.ts";

/** Default and maximum of MAXREC; larger values are lowered (DALI 1.1, 3.4.4). */
export const MAXREC = { fallback: 10_000, largest: 100_000 };

/** The longest RUNID (DALI 1.1, 3.4.6), characters. */
const LONGEST_RUN_ID = 64;

/** MAXREC: the maximum number of rows a client wants. Errors: VO_USAGE. */
export function maxrecOf(parameters: GivenParameters): number {
  const text = parameters.one("MAXREC");
  if (text === undefined) return MAXREC.fallback;
  if (!/^\d{1,15}$/.test(text)) throw usageError("MAXREC", text, "a non-negative integer");
  return Math.min(MAXREC.largest, Number(text));
}

/** RUNID: the client's own label for its request. Errors: VO_USAGE. */
export function runIdOf(parameters: GivenParameters): string | undefined {
  const text = parameters.one("RUNID");
  if (text !== undefined && text.length > LONGEST_RUN_ID)
    throw usageError("RUNID", text, `at most ${LONGEST_RUN_ID} characters`);
  return text;
}

/** The format of a table, and the Content-Type of the response. */
export interface TableFormat {
  readonly kind: "votable" | "csv" | "tsv";
  readonly contentType: string;
}

/** Media type of VOTable documents. */
export const VOTABLE_TYPE = "application/x-votable+xml";

const VOTABLE_TYPES = [VOTABLE_TYPE, "text/xml", "application/xml"];
const CSV: TableFormat = { kind: "csv", contentType: "text/csv; charset=utf-8; header=present" };
const TSV: TableFormat = { kind: "tsv", contentType: "text/tab-separated-values; charset=utf-8" };
const TEXT_FORMATS: ReadonlyMap<string, TableFormat> = new Map([
  ["csv", CSV],
  ["text/csv", CSV],
  ["tsv", TSV],
  ["text/tab-separated-values", TSV],
]);

/**
 * RESPONSEFORMAT of a table (DALI 1.1, 3.4.3): the requested type is the Content-Type. Errors:
 * VO_USAGE.
 * @param withText whether CSV and TSV are allowed
 */
export function tableFormatOf(
  parameters: GivenParameters,
  withText: boolean,
  fallback: string = VOTABLE_TYPE,
): TableFormat {
  const text = parameters.one("RESPONSEFORMAT");
  if (text === undefined) return { kind: "votable", contentType: fallback };
  const type = text.split(";", 1)[0]!.trim().toLowerCase();
  if (type === "votable") return { kind: "votable", contentType: fallback };
  if (type === VOTABLE_TYPE) return { kind: "votable", contentType: fallback };
  if (VOTABLE_TYPES.includes(type)) return { kind: "votable", contentType: type };
  const format = TEXT_FORMATS.get(type);
  if (format !== undefined && withText) return format;
  const names = ["votable", ...VOTABLE_TYPES, ...(withText ? ["csv", "tsv"] : [])];
  throw usageError("RESPONSEFORMAT", text, names.join(", "));
}
