import type { Frame, WcsWarning } from "../model/wcs.ts";
import { celestialFrame } from "../sky/frames.ts";
import { type Keywords, numberOf, plainText, textAt } from "./keywords.ts";
import { referenceSystem } from "./reference-system.ts";

/** Years accepted as an equinox: observatories write 0 or -1 for an unknown one. */
const FIRST_YEAR = 1800;
const LAST_YEAR = 2200;

/**
 * The frame given by the longitude axis, RADESYS (or the old RADECSYS) and EQUINOX (or the old
 * EPOCH). FITS 4.0, 8.3: without RADESYS, an equinox before 1984 means FK4, a later one FK5, and
 * none ICRS.
 * An equinox before 1800 or after 2200 counts as absent, with a warning.
 * Errors: WCS_INVALID for cards that cannot be read.
 * @param longitude name of the longitude axis: RA, GLON, ELON, SLON ...
 */
export function frameFromHeader(keywords: Keywords, longitude: string, warnings: WcsWarning[]): Frame {
  if (longitude === "GLON") return celestialFrame("GALACTIC");
  if (longitude === "SLON") return celestialFrame("SUPERGALACTIC");
  if (longitude !== "RA" && longitude !== "ELON") {
    return { ...celestialFrame("OTHER"), writtenAs: `${longitude}, ${latitudeOf(longitude)}` };
  }
  const equinox = equinoxOf(keywords, warnings);
  if (longitude === "ELON") return celestialFrame("ECLIPTIC", equinox);
  const radesys = textAt(keywords, "RADESYS") ?? plainText(keywords.header, "RADECSYS");
  if (radesys === undefined) {
    if (equinox === undefined) return celestialFrame("ICRS");
    return celestialFrame(equinox < 1984 ? "FK4" : "FK5", equinox);
  }
  const named = referenceSystem(radesys, warnings);
  if (named.equinox !== undefined && equinox !== undefined && named.equinox !== equinox) {
    const message = `EQUINOX = ${equinox} is ignored because of RADESYS = '${radesys}'.`;
    warnings.push({ code: "EQUINOX_IGNORED", message });
  }
  const frame = celestialFrame(named.system, named.equinox ?? equinox);
  return named.system === "OTHER" ? { ...frame, writtenAs: `RADESYS = '${radesys}'` } : frame;
}

/** `HPLN` pairs with `HPLT`, `TLON` with `TLAT` (FITS WCS paper II, 2.1). */
function latitudeOf(longitude: string): string {
  return longitude.replace(/LON$/, "LAT").replace(/LN$/, "LT");
}

/**
 * The equinox in years. FITS 4.0 allows only a number; older headers also have `J2000` and `B1950`.
 */
function equinoxOf(keywords: Keywords, warnings: WcsWarning[]): number | undefined {
  const { header, alternate } = keywords;
  for (const card of [header.index.get(`EQUINOX${alternate}`), header.index.get("EPOCH")]) {
    if (card === undefined) continue;
    const prefixed =
      typeof card.value === "string" ? /^\s*[JB](\d{4}(?:\.\d{0,20})?)\s*$/i.exec(card.value) : null;
    const year = prefixed === null ? numberOf(card) : Number(prefixed[1]);
    if (year >= FIRST_YEAR && year <= LAST_YEAR) return year;
    const message = `${card.keyword} = ${year} is not a year from ${FIRST_YEAR} to ${LAST_YEAR} and is ignored.`;
    warnings.push({ code: "EQUINOX_IGNORED", message });
  }
  return undefined;
}
