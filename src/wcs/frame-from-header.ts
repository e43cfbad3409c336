import { SisError } from "../errors/sis-error.ts";
import { celestialFrame } from "./frames.ts";
import { type Keywords, numberAt, plainNumber, plainText, textAt } from "./keywords.ts";
import type { Frame } from "./wcs.ts";

/** Precession is not known, nor its polynomials finite, over all times. */
const MOST_YEARS = 100_000;

/**
 * The frame that a header's longitude axis, RADESYS (or the old RADECSYS) and EQUINOX (or the old EPOCH) say. FITS 4.0, 8.3: without
 * RADESYS an equinox before 1984 means FK4, a later one FK5, none ICRS. Errors: WCS_INVALID for an equinox that is no year.
 *
 * @param longitude name of the longitude axis: RA, GLON, ELON, SLON ...
 */
export function frameFromHeader(keywords: Keywords, longitude: string): Frame {
  if (longitude === "GLON") return celestialFrame("GALACTIC");
  if (longitude === "SLON") return celestialFrame("SUPERGALACTIC");
  if (longitude !== "RA" && longitude !== "ELON") return celestialFrame("OTHER");
  const equinox = equinoxOf(keywords);
  if (longitude === "ELON") return celestialFrame("ECLIPTIC", equinox);
  const radesys = (textAt(keywords, "RADESYS") ?? plainText(keywords.header, "RADECSYS"))?.toUpperCase();
  switch (radesys) {
    case "ICRS":
      return celestialFrame("ICRS");
    case "FK5":
    case "FK4":
    case "FK4-NO-E":
      return celestialFrame(radesys, equinox);
    case undefined:
      if (equinox === undefined) return celestialFrame("ICRS");
      return celestialFrame(equinox < 1984 ? "FK4" : "FK5", equinox);
    default:
      return celestialFrame("OTHER");
  }
}

/** Years; FITS 4.0 knows a plain number only, older headers also write `J2000` and `B1950`. */
function equinoxOf(keywords: Keywords): number | undefined {
  const written = textAt(keywords, "EQUINOX");
  const prefixed = written === undefined ? null : /^[JB](\d{4}(?:\.\d*)?)$/i.exec(written);
  if (prefixed !== null) return Number(prefixed[1]);
  const year = numberAt(keywords, "EQUINOX") ?? plainNumber(keywords, "EPOCH");
  if (year !== undefined && Math.abs(year) > MOST_YEARS)
    throw new SisError("WCS_INVALID", `EQUINOX or EPOCH is ${year}, which is no year`);
  return year;
}
