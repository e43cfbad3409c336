import { WcsError } from "../errors.ts";
import type { WcsWarning } from "../model/wcs.ts";
import { DEGREE } from "../sky/rotation.ts";

/**
 * Gives the name that FITS 4.0 has for a projection of AIPS, and sets the parameters that make it so, as wcslib's celfix does:
 * NCP is an orthographic map slanted towards the pole, GLS a Sanson-Flamsteed one with its origin at CRVAL (FITS WCS paper II, 6.1).
 * Errors: WCS_INVALID for NCP on the equator.
 *
 * @param pvLon parameters PVi_m of the longitude axis; changed
 * @param pvLat those of the latitude axis; changed
 */
export function modernProjection(
  code: string,
  crval: readonly [number, number],
  pvLon: number[],
  pvLat: number[],
  warnings: WcsWarning[],
): string {
  if (code === "NCP") {
    if (crval[1] === 0)
      throw new WcsError("WCS_INVALID", "The projection NCP is not defined on the equator.");
    pvLat.splice(0, pvLat.length, Number.NaN, 0, 1 / Math.tan(crval[1] * DEGREE));
    warnings.push({ code: "CTYPE_RENAMED", message: "The projection NCP is read as a slant SIN." });
    return "SIN";
  }
  if (code === "GLS") {
    if (crval[0] !== 0 || crval[1] !== 0) {
      pvLon[0] = 1;
      pvLon[1] = 0;
      pvLon[2] = crval[1];
    }
    warnings.push({ code: "CTYPE_RENAMED", message: "The projection GLS is read as SFL around CRVAL." });
    return "SFL";
  }
  return code;
}
