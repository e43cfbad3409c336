import type { Wcs } from "../model/wcs.ts";
import { addETerms, removeETerms } from "../sky/fk4.ts";
import { DEGREE, latitudeOf, longitudeOf, setDirection, turn, turnBack } from "../sky/rotation.ts";
import { nativeToPixel, pixelToNative } from "./pixel-direction.ts";

const v = new Float64Array(3);

/**
 * Writes the ICRS direction of pixel (x, y), counted from 0, into out[0..2]; false outside the map
 * or when the frame has no known relation to ICRS.
 */
export function pixelToIcrsVector(wcs: Wcs, x: number, y: number, out: Float64Array): boolean {
  if (!pixelToNative(wcs, x, y, out)) return false;
  if (wcs.native.toIcrs !== undefined) {
    turn(wcs.native.toIcrs, out);
    return true;
  }
  if (wcs.frame.toIcrs === undefined) return false;
  turn(wcs.native.rotation, out);
  if (wcs.frame.eTerms !== undefined) removeETerms(wcs.frame.eTerms, out);
  turn(wcs.frame.toIcrs, out);
  return true;
}

/**
 * Writes the pixel (from 0) of an ICRS direction in direction[0..2], which is overwritten, into
 * out[0..1]; false when it is not on the map.
 */
export function icrsVectorToPixel(wcs: Wcs, direction: Float64Array, out: Float64Array): boolean {
  if (wcs.native.toIcrs !== undefined) {
    turnBack(wcs.native.toIcrs, direction);
  } else {
    if (wcs.frame.toIcrs === undefined) return false;
    turnBack(wcs.frame.toIcrs, direction);
    if (wcs.frame.eTerms !== undefined) addETerms(wcs.frame.eTerms, direction);
    turnBack(wcs.native.rotation, direction);
  }
  return nativeToPixel(wcs, direction, out);
}

/**
 * Longitude and latitude in degrees, in the header's own frame, of pixel (x, y) counted from 0 at
 * its center; undefined outside the map.
 */
export function pixelToWorld(
  wcs: Wcs,
  x: number,
  y: number,
): { readonly lon: number; readonly lat: number } | undefined {
  if (!pixelToNative(wcs, x, y, v)) return undefined;
  turn(wcs.native.rotation, v);
  const lon = longitudeOf(v) / DEGREE;
  const wrapped = wcs.crval[0] >= 0 ? (lon < 0 ? lon + 360 : lon) : lon > 0 ? lon - 360 : lon;
  return { lon: wrapped, lat: latitudeOf(v) / DEGREE };
}

/**
 * The pixel, counted from 0, of a longitude and latitude in degrees in the header's own frame;
 * undefined when it is not on the map.
 */
export function worldToPixel(
  wcs: Wcs,
  lon: number,
  lat: number,
): { readonly x: number; readonly y: number } | undefined {
  setDirection(v, lon * DEGREE, lat * DEGREE);
  turnBack(wcs.native.rotation, v);
  return nativeToPixel(wcs, v, v) ? { x: v[0]!, y: v[1]! } : undefined;
}

/**
 * ICRS right ascension (0 to 360) and declination in degrees of pixel (x, y) counted from 0;
 * undefined outside the map.
 */
export function pixelToIcrs(
  wcs: Wcs,
  x: number,
  y: number,
): { readonly ra: number; readonly dec: number } | undefined {
  if (!pixelToIcrsVector(wcs, x, y, v)) return undefined;
  const lon = longitudeOf(v) / DEGREE;
  return { ra: lon < 0 ? (lon + 360) % 360 : lon, dec: latitudeOf(v) / DEGREE };
}

/**
 * The pixel, counted from 0, of an ICRS position in degrees; undefined when the map has no such
 * position. A returned pixel always maps back to the position.
 */
export function icrsToPixel(
  wcs: Wcs,
  ra: number,
  dec: number,
): { readonly x: number; readonly y: number } | undefined {
  setDirection(v, ra * DEGREE, dec * DEGREE);
  return icrsVectorToPixel(wcs, v, v) ? { x: v[0]!, y: v[1]! } : undefined;
}

/** Degrees per pixel along x and y: sqrt(sum_i CD_ij^2), without distortions. */
export function pixelScales(wcs: Wcs): readonly [number, number] {
  const [a, b, c, d] = wcs.linear.cd;
  return [Math.hypot(a, c), Math.hypot(b, d)];
}

/**
 * Pixels, from 0, at equal steps along the outer edges of an image of nx x ny pixels: `steps` to an
 * edge, and its ends.
 */
export function edgePixels(
  [nx, ny]: readonly [number, number],
  steps: number,
): readonly (readonly [number, number])[] {
  return Array.from({ length: steps + 1 }, (_, k) => {
    const x = -0.5 + (nx * k) / steps;
    const y = -0.5 + (ny * k) / steps;
    return [[x, -0.5] as const, [x, ny - 0.5] as const, [-0.5, y] as const, [nx - 0.5, y] as const];
  }).flat();
}

/**
 * ICRS positions in degrees of the outer corners of an image of nx x ny pixels, counter-clockwise
 * in pixels from the lower left; undefined when one of them is not on the sky.
 */
export function footprint(
  wcs: Wcs,
  [nx, ny]: readonly [number, number],
): readonly (readonly [number, number])[] | undefined {
  const corners: (readonly [number, number])[] = [];
  for (const [x, y] of [
    [-0.5, -0.5],
    [nx - 0.5, -0.5],
    [nx - 0.5, ny - 0.5],
    [-0.5, ny - 0.5],
  ] as const) {
    const sky = pixelToIcrs(wcs, x, y);
    if (sky === undefined) return undefined;
    corners.push([sky.ra, sky.dec]);
  }
  return corners;
}
