import { DEGREE } from "./rotation.ts";

/** A position on the sky: right ascension or another longitude, and latitude, degrees. */
export type SkyPoint = readonly [ra: number, dec: number];
/** A direction of length 1. */
export type UnitVector = readonly [x: number, y: number, z: number];

/** Direction of a position: x to RA 0, z to the north pole. */
export function unitVector([ra, dec]: SkyPoint): UnitVector {
  const c = Math.cos(dec * DEGREE);
  return [c * Math.cos(ra * DEGREE), c * Math.sin(ra * DEGREE), Math.sin(dec * DEGREE)];
}

/**
 * Position of a direction of any length, right ascension from 0 to 360; precise at the poles too.
 */
export function skyPoint([x, y, z]: UnitVector): SkyPoint {
  const ra = Math.atan2(y, x) / DEGREE;
  return [ra < 0 ? (ra + 360) % 360 : ra, Math.atan2(z, Math.hypot(x, y)) / DEGREE];
}

export function dot(a: UnitVector, b: UnitVector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: UnitVector, b: UnitVector): UnitVector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function length(a: UnitVector): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** The vector a * s + b * t. */
export function combination(a: UnitVector, s: number, b: UnitVector, t: number): UnitVector {
  return [a[0] * s + b[0] * t, a[1] * s + b[1] * t, a[2] * s + b[2] * t];
}

/** Angle between two directions of any length, radians; accurate for small and large angles too. */
export function angle(a: UnitVector, b: UnitVector): number {
  return Math.atan2(length(cross(a, b)), dot(a, b));
}
