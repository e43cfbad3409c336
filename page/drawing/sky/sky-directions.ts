import { icrsToPixel, pixelScales, pixelToIcrs, type Wcs } from "@sbnsis/wcs";
import { offsetAlong } from "@sbnsis/wcs/internal";
import type { PlanePoint } from "../camera.ts";

/** Directions on a frame, as steps in its pixels. */
export interface SkyDirections {
  readonly north: PlanePoint;
  readonly east: PlanePoint;
  /** Arcseconds per pixel towards the north. */
  readonly arcsec: number;
}

/**
 * Directions to the north and to the east at a pixel (from 0) of a frame, along great circles, and
 * so also valid at a pole. Undefined where the frame has no sky position.
 */
export function skyDirections(wcs: Wcs, { u, v }: PlanePoint): SkyDirections | undefined {
  const here = pixelToIcrs(wcs, u, v);
  if (here === undefined) return undefined;
  const step = Math.min(...pixelScales(wcs));
  const along = (pa: number, sign: number): PlanePoint | undefined => {
    const [ra, dec] = offsetAlong([here.ra, here.dec], pa, sign * step);
    const to = icrsToPixel(wcs, ra, dec);
    return to && { u: sign * (to.x - u), v: sign * (to.y - v) };
  };
  // backwards if the forward step leaves the part of the sky that the frame can show
  const north = along(0, 1) ?? along(0, -1);
  const east = along(90, 1) ?? along(90, -1);
  if (north === undefined || east === undefined) return undefined;
  return { north, east, arcsec: (3600 * step) / Math.hypot(north.u, north.v) };
}

/** The rotation and mirroring of a frame that put north up and east to the left. */
export function northUp({ north, east }: SkyDirections): {
  readonly turn: number;
  readonly isMirrored: boolean;
} {
  // on the sky, east is counterclockwise of north
  const isMirrored = north.u * east.v - north.v * east.u < 0;
  const angle = (Math.atan2(north.v, isMirrored ? -north.u : north.u) * 180) / Math.PI;
  return { isMirrored, turn: 90 - angle };
}
