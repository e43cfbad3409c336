import type { PlateSolution } from "../distortions/dss.ts";
import { tanWcs } from "../model/make-wcs.ts";
import type { Wcs, WcsWarning } from "../model/wcs.ts";
import { frameFromHeader } from "./frame-from-header.ts";
import type { Keywords } from "./keywords.ts";

/**
 * The coordinate system of a header with a plate solution of the Digitized Sky Survey and no CTYPE:
 * gnomonic at the plate centre.
 */
export function wcsFromPlate(keywords: Keywords, plate: PlateSolution, warnings: WcsWarning[]): Wcs {
  const frame = frameFromHeader(keywords, "RA", warnings);
  return tanWcs(plate, frame, { sequent: plate.plane, distortion: "DSS", warnings });
}
