import type { SkyPlace } from "../drawing/sky/tangent-plane.ts";
import { isoOfMjd } from "../ui/sexagesimal.ts";

/** Columns of the record, in order. */
const COLUMNS = ["trkSub", "mode", "stn", "obsTime", "ra", "dec", "astCat", "remarks"] as const;

/** The "unknown" codes of the Minor Planet Center, to be replaced before submission. */
const UNKNOWN_STATION = "XXX";
const UNKNOWN_CATALOG = "UNK";
/** Maximum length of a tracklet's name, characters. */
const LONGEST_NAME = 8;

/**
 * A measured position as a record of ADES in its pipe-separated form (version 2022), with its line
 * of column names: a starting point for a report, not a report. The station and the astrometric
 * catalog are to be filled in, because the image does not state them. Undefined without the time.
 */
export function adesRecord(
  { ra, dec }: SkyPlace,
  { mid, target }: { readonly mid?: number | undefined; readonly target?: string | undefined },
): string | undefined {
  if (mid === undefined || !Number.isFinite(mid)) return undefined;
  const name = (target ?? "").replaceAll(/[^A-Za-z0-9]/g, "").slice(0, LONGEST_NAME);
  const values: Readonly<Record<(typeof COLUMNS)[number], string>> = {
    trkSub: name === "" ? "unnamed" : name,
    mode: "CCD",
    stn: UNKNOWN_STATION,
    obsTime: isoOfMjd(mid),
    ra: ra.toFixed(6),
    dec: dec.toFixed(6),
    astCat: UNKNOWN_CATALOG,
    remarks: "fill in stn and astCat",
  };
  return ["# version=2022", COLUMNS.join("|"), COLUMNS.map((name) => values[name]).join("|"), ""].join("\n");
}
