import { type CelestialSystem, pixelToWorld, type Wcs, worldToPixel } from "@sbnsis/wcs";
import { celestialFrame, type TanPlane, tanWcs } from "@sbnsis/wcs/internal";
import type { PixelPoint } from "./cutout-box.ts";

/** The gnomonic frame of a picture: FITS TAN without distortion, LONPOLE 180, plain data. */
export interface TanFrame extends TanPlane {
  /**
   * Celestial system of crval: RADESYS for equatorial frames, otherwise its AVM name; OTHER when it
   * has none.
   */
  readonly system: "ICRS" | "FK5" | "FK4" | "ECL" | "GAL" | "SGAL" | "OTHER";
  /** The source header's name for a system of OTHER. */
  readonly writtenAs?: string;
  /** EQUINOX in years, for systems with one. */
  readonly equinox: number | undefined;
}

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

/** Conversions within one system do not need its relation to ICRS. */
const OWN_SYSTEM = celestialFrame("OTHER");

/** The frame as a coordinate system, for conversions within its own celestial system. */
export function ownWcs(frame: TanFrame): Wcs {
  return tanWcs(frame, OWN_SYSTEM);
}

/**
 * Longitude (0 to 360) and latitude in degrees of a position in the picture; x and y count from 0
 * at the center of the lower left pixel.
 */
export function tanPixelToSky(frame: TanFrame, x: number, y: number): readonly [number, number] {
  const { lon, lat } = pixelToWorld(ownWcs(frame), x, y)!;
  return [lon - 360 * Math.floor(lon / 360), lat];
}

/**
 * Picture position of a sky position, x and y from 0; undefined at 90 degrees or more from the
 * tangent point.
 */
export function tanSkyToPixel(frame: TanFrame, lon: number, lat: number): PixelPoint | undefined {
  return worldToPixel(ownWcs(frame), lon, lat);
}

/**
 * The frame of an enlarged or reduced picture of the same field.
 * @param from width and height before, pixels
 * @param to width and height after
 */
export function scaledFrame(
  frame: TanFrame,
  from: readonly [number, number],
  to: readonly [number, number],
): TanFrame {
  const sx = from[0] / to[0];
  const sy = from[1] / to[1];
  const [cd11, cd12, cd21, cd22] = frame.cd;
  return {
    ...frame,
    crpix: [(frame.crpix[0] - 0.5) / sx + 0.5, (frame.crpix[1] - 0.5) / sy + 0.5],
    cd: [cd11 * sx, cd12 * sy, cd21 * sx, cd22 * sy],
  };
}
