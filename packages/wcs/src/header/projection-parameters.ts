import { decimalValue } from "@sbnsis/fits/internal";
import { WcsError } from "../errors.ts";
import type { WcsWarning } from "../model/wcs.ts";
import { DEGREE } from "../sky/rotation.ts";
import { type Keywords, plainNumber } from "./keywords.ts";

/**
 * The FITS 4.0 name of a projection of AIPS. Sets the parameters to match, as wcslib's celfix does:
 * NCP is an orthographic map slanted towards the pole, GLS a Sanson-Flamsteed one with its origin
 * at CRVAL (FITS WCS paper II, 6.1).
 * Errors: WCS_INVALID for NCP on the equator.
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

/**
 * Reads PROJPn, the name of PVi_n of the latitude axis in drafts of FITS WCS paper II, where PVi_n
 * is absent, as wcslib does.
 */
export function addOldParameters(keywords: Keywords, pvLat: number[], warnings: WcsWarning[]): void {
  if (keywords.alternate !== "") return;
  for (let m = 0; m < 100; m++) {
    const value = plainNumber(keywords, `PROJP${m}`);
    if (value === undefined || !Number.isNaN(pvLat[m] ?? Number.NaN)) continue;
    while (pvLat.length <= m) pvLat.push(Number.NaN);
    pvLat[m] = value;
    warnings.push({ code: "KEYWORD_RENAMED", message: `PROJP${m} is read as PVi_${m} of the latitude.` });
  }
}

/** The radial polynomial of ZPX: `projp1=1.0 projp3=..` in the attributes of its axes. */
export function setZpxParameters(text: string, pvLat: number[]): void {
  for (const match of text.matchAll(/\bprojp(\d{1,2})\s{0,68}=\s{0,68}([^\s"]{1,100})/g)) {
    const m = Number(match[1]);
    const value = decimalValue(match[2]!);
    if (value === undefined)
      throw new WcsError("WCS_INVALID", `projp${m} = ${match[2]} of WATi_nnn cannot be read`);
    while (pvLat.length <= m) pvLat.push(Number.NaN);
    pvLat[m] = value;
  }
}
