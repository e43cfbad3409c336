import type { TimeScale } from "../time/time-scale.ts";

/** What a column contains, which decides how its cells are read. */
type ColumnKind = "angle" | "arcsec" | "dec" | "flag" | "motion" | "number" | "ra" | "size" | "text" | "time";

/** The values that make up a row. */
export type ColumnKey =
  | "row"
  | "obs_id"
  | "ra"
  | "dec"
  | "time"
  | "rate"
  | "pa"
  | "motion_ra"
  | "motion_dec"
  | "unc_a"
  | "unc_b"
  | "unc_pa"
  | "unc_theta"
  | "unc_sigma"
  | "rms_ra"
  | "rms_dec"
  | "rms_corr"
  | "sun_pa"
  | "vel_pa"
  | "vmag"
  | "size"
  | "weight"
  | "fwhm"
  | "use"
  | "label"
  | "station"
  | "delta";

/** How the cells of a column are interpreted. */
interface ColumnMeaning {
  readonly key: ColumnKey;
  readonly kind: ColumnKind;
  /** Unit of numbers if the list states none. */
  readonly unit?: string;
  /** Degrees added to an angle. */
  readonly offset?: number;
  readonly time?: { readonly kind: "any" | "mjd" | "jd"; readonly scale: TimeScale };
}

const angle = (key: ColumnKey, offset = 0): ColumnMeaning => ({ key, kind: "angle", unit: "deg", offset });
const arcsec = (key: ColumnKey): ColumnMeaning => ({ key, kind: "arcsec", unit: "arcsec" });
const motion = (key: ColumnKey, unit: string): ColumnMeaning => ({ key, kind: "motion", unit });
const text = (key: ColumnKey): ColumnMeaning => ({ key, kind: "text" });
const number = (key: ColumnKey): ColumnMeaning => ({ key, kind: "number" });
const time = (kind: "any" | "mjd" | "jd", scale: TimeScale = "utc"): ColumnMeaning => ({
  key: "time",
  kind: "time",
  time: { kind, scale },
});
const ra: ColumnMeaning = { key: "ra", kind: "ra", unit: "deg" };
const dec: ColumnMeaning = { key: "dec", kind: "dec", unit: "deg" };

/**
 * Names of columns in lower case. Of several names with the same meaning the first counts: of
 * B612's list, for instance, the predicted position and not the measured one.
 *
 * `unc_theta` and `theta_3sigma` are angles from east towards north, as Horizons states them.
 * `sangle` and `vangle` of CATCH are PsAng - 180 and PsAMV - 180 of Horizons; `sunTargetPA` and
 * `velocityPA` of astroquery are PsAng and PsAMV themselves. `vra` contains the cosine of the
 * declination, as in pyoorb.
 */
const MEANINGS: ReadonlyMap<string, ColumnMeaning> = new Map<string, ColumnMeaning>([
  ["row", text("row")],
  ["id", text("row")],
  // of a table that /vo/sia2 returned, where obs_id is the exposure
  ["obs_publisher_did", text("obs_id")],
  ["obs_id", text("obs_id")],
  ["lid", text("obs_id")],
  ["product_id", text("obs_id")],
  ["ra", ra],
  ["pred_ra_deg", ra],
  ["ra_deg", ra],
  ["ra_icrs", ra],
  ["raj2000", ra],
  ["s_ra", ra],
  ["center_ra", ra],
  ["dec", dec],
  ["pred_dec_deg", dec],
  ["dec_deg", dec],
  ["de_icrs", dec],
  ["dej2000", dec],
  ["decj2000", dec],
  ["s_dec", dec],
  ["center_dec", dec],
  ["time", time("any")],
  ["obstime", time("any")],
  ["mjd_mid", time("mjd")],
  ["exposure_mjd_mid", time("mjd")],
  ["mjd", time("mjd")],
  ["mjd_utc", time("mjd")],
  ["mjd_tdb", time("mjd", "tdb")],
  ["mjd_tt", time("mjd", "tt")],
  ["date", time("any")],
  ["datetime_jd", time("jd")],
  ["jd", time("jd")],
  ["jd_utc", time("jd")],
  ["jd_tdb", time("jd", "tdb")],
  ["datetime_str", time("any")],
  ["datetime", time("any")],
  ["epoch", time("any")],
  ["rate", motion("rate", "arcsec/h")],
  ["pa", angle("pa")],
  ["dra", motion("motion_ra", "arcsec/h")],
  ["ra_rate", motion("motion_ra", "arcsec/h")],
  ["pred_vra_degpday", motion("motion_ra", "deg/d")],
  ["vra_degpday", motion("motion_ra", "deg/d")],
  ["vra", motion("motion_ra", "deg/d")],
  ["ddec", motion("motion_dec", "arcsec/h")],
  ["dec_rate", motion("motion_dec", "arcsec/h")],
  ["pred_vdec_degpday", motion("motion_dec", "deg/d")],
  ["vdec_degpday", motion("motion_dec", "deg/d")],
  ["vdec", motion("motion_dec", "deg/d")],
  ["unc_a", arcsec("unc_a")],
  ["smaa_3sigma", arcsec("unc_a")],
  ["unc_b", arcsec("unc_b")],
  ["smia_3sigma", arcsec("unc_b")],
  ["unc_pa", angle("unc_pa")],
  ["unc_theta", angle("unc_theta")],
  ["theta_3sigma", angle("unc_theta")],
  ["unc_sigma", number("unc_sigma")],
  ["rmsra", arcsec("rms_ra")],
  ["rmsdec", arcsec("rms_dec")],
  ["rmscorr", number("rms_corr")],
  ["sun_pa", angle("sun_pa")],
  ["sangle", angle("sun_pa")],
  ["suntargetpa", angle("sun_pa", -180)],
  ["vel_pa", angle("vel_pa")],
  ["vangle", angle("vel_pa")],
  ["velocitypa", angle("vel_pa", -180)],
  ["vmag", number("vmag")],
  ["v", number("vmag")],
  ["size", { key: "size", kind: "size" }],
  ["weight", number("weight")],
  ["fwhm", arcsec("fwhm")],
  ["seeing", arcsec("fwhm")],
  ["use", { key: "use", kind: "flag" }],
  ["label", text("label")],
  ["station", text("station")],
  ["stn", text("station")],
  ["obscode", text("station")],
  ["delta", number("delta")],
]);

const RANKS: ReadonlyMap<string, number> = new Map([...MEANINGS.keys()].map((name, i) => [name, i]));

/** A column of a list: its name as written, and the unit if the list states one. */
export interface ListColumn {
  readonly name: string;
  readonly unit?: string;
  /** Time scale and origin (days) of its times, if the list states them. */
  readonly scale?: TimeScale;
  readonly origin?: number;
}

/** A column with a meaning, and its index in the list. */
export interface KnownColumn extends ListColumn {
  readonly index: number;
  readonly meaning: ColumnMeaning;
}

/** `RA [deg]` and `RA (deg)` state a unit after the name. */
function namedUnit(name: string): ListColumn {
  const written = name.trim();
  const match = /^([^[(]*[^[(\s])\s*[[(]([^\])]+)[\])]$/.exec(written);
  return match === null ? { name: written } : { name: match[1]!, unit: match[2]! };
}

/** Longest name of a column, longer than any that is recognized. */
const LONGEST_NAME = 100;

/**
 * The columns that are recognized, one for each meaning, and the names of the others.
 *
 * @returns `repeated`: a name that two columns have, which makes the list ambiguous
 */
export function knownColumns(columns: readonly ListColumn[]): {
  readonly known: readonly KnownColumn[];
  readonly ignored: readonly string[];
  readonly repeated: string | undefined;
} {
  const found = new Map<ColumnKey, KnownColumn & { readonly rank: number }>();
  const ignored: string[] = [];
  let repeated: string | undefined;
  for (const [index, column] of columns.entries()) {
    const shown = { ...column, name: column.name.slice(0, LONGEST_NAME) };
    const written = { ...shown, ...(column.unit === undefined && namedUnit(shown.name)) };
    const name = written.name.toLowerCase().replace(/[\s-]+/g, "_");
    const meaning = MEANINGS.get(name);
    const rank = RANKS.get(name);
    if (meaning === undefined || rank === undefined) {
      if (written.name !== "") ignored.push(written.name);
      continue;
    }
    const rival = found.get(meaning.key);
    if (rival?.rank === rank) repeated ??= written.name;
    if (rival !== undefined && rival.rank <= rank) ignored.push(written.name);
    else {
      if (rival !== undefined) ignored.push(rival.name);
      found.set(meaning.key, { ...written, index, meaning, rank });
    }
  }
  return { known: [...found.values()], ignored, repeated };
}

/** Arcseconds of one unit of an angle (VOUnits 1.1, tables 2 and 5; spellings of catalogs). */
const ARCSEC: ReadonlyMap<string, number> = new Map(
  Object.entries({
    deg: 3600,
    degree: 3600,
    degrees: 3600,
    d: 3600,
    arcmin: 60,
    "'": 60,
    arcsec: 1,
    arcsecond: 1,
    arcseconds: 1,
    as: 1,
    '"': 1,
    "''": 1,
    mas: 1e-3,
    uas: 1e-6,
    rad: (180 / Math.PI) * 3600,
    mrad: (180 / Math.PI) * 3.6,
    h: 54_000,
    hr: 54_000,
    hour: 54_000,
    hourangle: 54_000,
  }),
);

/** Hours of one unit of time. */
const HOURS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    s: 1 / 3600,
    sec: 1 / 3600,
    min: 1 / 60,
    minute: 1 / 60,
    h: 1,
    hr: 1,
    hour: 1,
    d: 24,
    day: 24,
    a: 8766,
    yr: 8766,
    year: 8766,
  }),
);

/** Days of one unit of time. */
export function daysPerUnit(unit: string): number | undefined {
  const hours = HOURS.get(unit.trim().toLowerCase());
  return hours === undefined ? undefined : hours / 24;
}

/** Arcseconds per unit of an angle; undefined for an unknown unit. */
export function arcsecPerUnit(unit: string): number | undefined {
  return ARCSEC.get(unit.trim().toLowerCase());
}

/**
 * Arcseconds per hour of one unit of motion, such as `arcsec/h`, `arcsec.h-1`, `deg d-1`, `"/min`.
 * Undefined for anything else.
 */
export function arcsecPerHourPerUnit(unit: string): number | undefined {
  const match = /^\s*([a-z'"]+)\s*(?:\/\s*([a-z]+)|[\s.*]\s*([a-z]+)(?:\*\*|\^)?\(?-1\)?)\s*$/i.exec(unit);
  if (match === null) return undefined;
  const arcsec = arcsecPerUnit(match[1]!);
  const hours = HOURS.get((match[2] ?? match[3] ?? "").toLowerCase());
  return arcsec === undefined || hours === undefined ? undefined : arcsec / hours;
}
