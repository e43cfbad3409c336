import type { LookupTable } from "../distortions/lookup-table.ts";
import type { Matrix3 } from "../sky/rotation.ts";
import type { PlaneMap } from "../transform/plane-map.ts";

/**
 * The celestial systems with a known relation to ICRS; OTHER has none (helioprojective, planetary,
 * unnamed axes).
 */
export type CelestialSystem =
  | "ICRS"
  | "FK5"
  | "FK4"
  | "FK4-NO-E"
  | "GALACTIC"
  | "SUPERGALACTIC"
  | "ECLIPTIC"
  | "OTHER";

/** Celestial frame of a header. */
export interface Frame {
  readonly system: CelestialSystem;
  /**
   * Years: Besselian for FK4 and FK4-NO-E, Julian for FK5 and ECLIPTIC; undefined for the others.
   */
  readonly equinox: number | undefined;
  /** Rotates directions of the frame (without E-terms) to ICRS; undefined for OTHER. */
  readonly toIcrs: Matrix3 | undefined;
  /** E-terms of aberration, in the frame; only in FK4. */
  readonly eTerms: readonly [number, number, number] | undefined;
  /** The header's name for a system that is OTHER: `RADESYS = 'GAPPT'`, `HPLN, HPLT`. */
  readonly writtenAs?: string;
}

/** Something in a header that was not taken literally. */
export interface WcsWarning {
  readonly code:
    | "CTYPE_RENAMED"
    | "SIP_WITHOUT_SUFFIX"
    | "SIP_IGNORED"
    | "PV_IGNORED"
    | "IMPLICIT_TPV"
    | "CDELT_IGNORED"
    | "CROTA_IGNORED"
    | "UNIT_TRANSLATED"
    | "AXES_IGNORED"
    | "LOOKUP_IGNORED"
    | "KEYWORD_RENAMED"
    | "KEYWORD_REPEATED"
    | "RADESYS_TRANSLATED"
    | "EQUINOX_IGNORED"
    | "CD_IGNORED"
    | "SCALE_MISSING";
  readonly message: string;
}

/**
 * From pixels to intermediate world coordinates (FITS 4.0, 8.1), for the two celestial axes only.
 */
export interface LinearPart {
  /** Reference pixel counted from 1. */
  readonly crpix: readonly [number, number];
  /** CD1_1, CD1_2, CD2_1, CD2_2 of the two axes in header order: degrees per pixel. */
  readonly cd: readonly [number, number, number, number];
}

/**
 * The coordinate system of an image as plain readonly data, which can be cloned and sent to
 * threads.
 */
export interface Wcs {
  /** Letter of the alternate; blank for the primary one. */
  readonly alternate: string;
  /**
   * Numbers of the two celestial axes, from 1 and ascending: x and y of every function are pixels
   * along these.
   */
  readonly axes: readonly [number, number];
  /** CTYPE of the two axes, after corrections. */
  readonly ctype: readonly [string, string];
  /** Whether the first of the two axes is the longitude. */
  readonly longitudeFirst: boolean;
  /** CRVAL of longitude and latitude, degrees. */
  readonly crval: readonly [number, number];
  readonly linear: LinearPart;
  /** `linear.cd` with the longitude row first, and its inverse. */
  readonly toPlane: readonly [number, number, number, number];
  readonly toPixel: readonly [number, number, number, number];
  /**
   * Paper IV lookup tables (D2IMDIS before, CPDIS with SIP) in the order x, y; undefined without
   * any.
   */
  readonly detector: readonly [LookupTable | undefined, LookupTable | undefined] | undefined;
  readonly prior: readonly [LookupTable | undefined, LookupTable | undefined] | undefined;
  /** SIP, or TPD of CPDISj: pixels (from 1) to pixels relative to CRPIX. */
  readonly sip: PlaneMap | undefined;
  /**
   * TPV, TNX, ZPX, TPD of CQDISi, DSS: distorted to corrected intermediate world coordinates,
   * degrees.
   */
  readonly sequent: PlaneMap | undefined;
  /** Names of the distortions in use: "SIP", "TPV" ..., joined by "+", or "none". */
  readonly distortion: string;
  readonly projection: {
    readonly code: string;
    readonly constants: readonly number[];
    /**
     * Intermediate coordinates of CRVAL in the map, radians: those of the fiducial point (PVi_0),
     * and x of a window (see nativeWindow).
     */
    readonly offset: readonly [number, number];
  };
  readonly native: {
    /**
     * Rotates native directions to the frame. Native longitudes count from the center of the window
     * (see nativeWindow).
     */
    readonly rotation: Matrix3;
    /** Rotates native directions to ICRS; undefined where no single rotation does. */
    readonly toIcrs: Matrix3 | undefined;
    /**
     * Celestial longitude and latitude of the native pole, and native longitude of the celestial
     * pole (LONPOLE), degrees.
     */
    readonly pole: readonly [number, number, number];
  };
  readonly frame: Frame;
  readonly warnings: readonly WcsWarning[];
}
