import type { PlateSolution } from "../distortions/dss.ts";
import { invertMatrix } from "../model/linear.ts";
import { celestialRotation } from "../model/native-pole.ts";
import type { Wcs, WcsWarning } from "../model/wcs.ts";
import { multiply } from "../sky/rotation.ts";
import { frameFromHeader } from "./frame-from-header.ts";
import type { Keywords } from "./keywords.ts";

/**
 * The coordinate system of a header with a plate solution of the Digitized Sky Survey and no CTYPE:
 * gnomonic at the plate centre.
 */
export function wcsFromPlate(keywords: Keywords, plate: PlateSolution, warnings: WcsWarning[]): Wcs {
  const frame = frameFromHeader(keywords, "RA", warnings);
  const pole = [plate.crval[0], plate.crval[1], 180] as const;
  const rotation = celestialRotation(pole);
  return {
    alternate: "",
    axes: [1, 2],
    ctype: ["RA---TAN", "DEC--TAN"],
    longitudeFirst: true,
    crval: plate.crval,
    linear: { crpix: plate.crpix, cd: plate.cd },
    toPlane: plate.cd,
    toPixel: invertMatrix(plate.cd),
    detector: undefined,
    prior: undefined,
    sip: undefined,
    sequent: plate.plane,
    distortion: "DSS",
    projection: { code: "TAN", constants: [], offset: [0, 0] },
    native: {
      rotation,
      toIcrs:
        frame.toIcrs === undefined || frame.eTerms !== undefined
          ? undefined
          : multiply(frame.toIcrs, rotation),
      pole,
    },
    frame,
    warnings,
  };
}
