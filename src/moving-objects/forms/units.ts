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
