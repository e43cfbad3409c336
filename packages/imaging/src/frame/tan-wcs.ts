import type { CelestialSystem, Wcs } from "@sbnsis/wcs";
import { DEGREE, type Matrix3, multiply } from "@sbnsis/wcs/internal";
import type { TanFrame } from "./tan-frame.ts";

const SYSTEMS: Readonly<Record<CelestialSystem, TanFrame["system"]>> = {
  ICRS: "ICRS",
  FK5: "FK5",
  FK4: "FK4",
  "FK4-NO-E": "FK4",
  GALACTIC: "GAL",
  SUPERGALACTIC: "SGAL",
  ECLIPTIC: "ECL",
  OTHER: "OTHER",
};

/**
 * The AVM name of a header's celestial system; FK4 is the closest to FK4-NO-E there. AVM has no
 * name for OTHER.
 */
export function avmSystem(system: CelestialSystem): TanFrame["system"] {
  return SYSTEMS[system];
}

/** A TAN frame as the coordinate system of an image, in the celestial frame of `source`. */
export function tanWcs(frame: TanFrame, source: Wcs): Wcs {
  const [cd11, cd12, cd21, cd22] = frame.cd;
  const determinant = cd11 * cd22 - cd12 * cd21;
  const rotation = nativeRotation(frame.crval);
  const { toIcrs, eTerms } = source.frame;
  return {
    alternate: " ",
    axes: [1, 2],
    ctype: ["RA---TAN", "DEC--TAN"],
    longitudeFirst: true,
    crval: frame.crval,
    linear: { crpix: frame.crpix, cd: frame.cd },
    toPlane: frame.cd,
    toPixel: [cd22 / determinant, -cd12 / determinant, -cd21 / determinant, cd11 / determinant],
    detector: undefined,
    prior: undefined,
    sip: undefined,
    sequent: undefined,
    distortion: "none",
    projection: { code: "TAN", constants: [], offset: [0, 0] },
    native: {
      rotation,
      toIcrs: toIcrs === undefined || eTerms !== undefined ? undefined : multiply(toIcrs, rotation),
      pole: [frame.crval[0], frame.crval[1], 180],
    },
    frame: source.frame,
    warnings: [],
  };
}

/**
 * Rotates native directions to the frame with LONPOLE 180: native x is south, y is east, z is the
 * tangent point.
 */
function nativeRotation([lon, lat]: readonly [number, number]): Matrix3 {
  const sinLon = Math.sin(lon * DEGREE);
  const cosLon = Math.cos(lon * DEGREE);
  const sinLat = Math.sin(lat * DEGREE);
  const cosLat = Math.cos(lat * DEGREE);
  return [
    sinLat * cosLon,
    -sinLon,
    cosLat * cosLon,
    sinLat * sinLon,
    cosLon,
    cosLat * sinLon,
    -cosLat,
    0,
    sinLat,
  ];
}
