import { type Matrix3, multiply } from "../sky/rotation.ts";
import { invertMatrix } from "./linear.ts";
import { celestialRotation } from "./native-pole.ts";
import type { Frame, Wcs } from "./wcs.ts";

/** What determines a coordinate system; everything else in Wcs follows or has a default. */
export interface WcsParts
  extends Pick<Wcs, "crval" | "linear" | "frame">,
    Partial<Omit<Wcs, "crval" | "linear" | "frame" | "toPixel" | "native">> {
  /** Rotates native directions to the frame. */
  readonly rotation: Matrix3;
  readonly pole: Wcs["native"]["pole"];
}

/**
 * A coordinate system from its parts. Defaults to TAN without distortion on axes 1 and 2, longitude
 * first. Errors: WCS_INVALID when the matrix has no inverse.
 */
export function makeWcs({ rotation, pole, ...given }: WcsParts): Wcs {
  const { frame, linear } = given;
  const parts = {
    alternate: "",
    axes: [1, 2],
    ctype: ["RA---TAN", "DEC--TAN"],
    longitudeFirst: true,
    toPlane: linear.cd,
    detector: undefined,
    prior: undefined,
    sip: undefined,
    sequent: undefined,
    distortion: "none",
    projection: { code: "TAN", constants: [], offset: [0, 0] },
    warnings: [],
    ...given,
  } as const;
  const single = frame.toIcrs !== undefined && frame.eTerms === undefined;
  return {
    ...parts,
    toPixel: invertMatrix(parts.toPlane),
    native: { rotation, toIcrs: single ? multiply(frame.toIcrs, rotation) : undefined, pole },
  };
}

/** A plane that touches the celestial sphere at one point. */
export interface TanPlane {
  /** Longitude and latitude of the tangent point, degrees. */
  readonly crval: readonly [number, number];
  /** Its pixel, counted from 1. */
  readonly crpix: readonly [number, number];
  /** CD1_1, CD1_2, CD2_1, CD2_2: degrees per pixel. */
  readonly cd: readonly [number, number, number, number];
}

/**
 * The gnomonic coordinate system of a plane (TAN with LONPOLE 180; FITS WCS paper II, 5.1.3), in a
 * celestial frame. Errors: WCS_INVALID when `cd` has no inverse.
 * @param rest parts that differ from the defaults of makeWcs, such as distortions
 */
export function tanWcs(
  { crval, crpix, cd }: TanPlane,
  frame: Frame,
  rest: Pick<Partial<Wcs>, "sequent" | "distortion" | "warnings"> = {},
): Wcs {
  const pole = [crval[0], crval[1], 180] as const;
  return makeWcs({ ...rest, crval, linear: { crpix, cd }, frame, rotation: celestialRotation(pole), pole });
}
