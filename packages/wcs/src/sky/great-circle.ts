import { DEGREE } from "./rotation.ts";
import { angle, combination, dot, type SkyPoint, skyPoint, type UnitVector, unitVector } from "./vectors.ts";

/** Degrees between two positions, 0 to 180, by their unit vectors: accurate at any distance. */
export function separation(a: SkyPoint, b: SkyPoint): number {
  return angle(unitVector(a), unitVector(b)) / DEGREE;
}

/** The directions of north and east at a position; at a pole, those of its right ascension. */
function tangentAxes([ra, dec]: SkyPoint): { readonly north: UnitVector; readonly east: UnitVector } {
  const [sinRa, cosRa] = [Math.sin(ra * DEGREE), Math.cos(ra * DEGREE)];
  const [sinDec, cosDec] = [Math.sin(dec * DEGREE), Math.cos(dec * DEGREE)];
  return { north: [-sinDec * cosRa, -sinDec * sinRa, cosDec], east: [-sinRa, cosRa, 0] };
}

/**
 * Position angle of the great circle from one position to another: degrees from north through east,
 * 0 to 360.
 */
export function positionAngle(from: SkyPoint, to: SkyPoint): number {
  const { north, east } = tangentAxes(from);
  const direction = unitVector(to);
  const found = Math.atan2(dot(direction, east), dot(direction, north)) / DEGREE;
  return found < 0 ? (found + 360) % 360 : found;
}

/**
 * The position at a distance along the great circle that leaves `from` at a position angle (from
 * north through east). All in degrees; a negative distance goes the other way.
 */
export function offsetAlong(from: SkyPoint, angleAtStart: number, distance: number): SkyPoint {
  const { north, east } = tangentAxes(from);
  const ahead = combination(north, Math.cos(angleAtStart * DEGREE), east, Math.sin(angleAtStart * DEGREE));
  return skyPoint(
    combination(unitVector(from), Math.cos(distance * DEGREE), ahead, Math.sin(distance * DEGREE)),
  );
}

/**
 * The position at a fraction of the way from one position to another along their great circle;
 * fractions outside 0 .. 1 extrapolate. The positions must not be opposite.
 */
export function betweenPositions(from: SkyPoint, to: SkyPoint, fraction: number): SkyPoint {
  const [a, b] = [unitVector(from), unitVector(to)];
  const whole = angle(a, b);
  if (whole === 0) return from;
  return skyPoint(combination(a, Math.sin((1 - fraction) * whole), b, Math.sin(fraction * whole)));
}
