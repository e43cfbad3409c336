import { angle, cross, dot, length, type UnitVector } from "./vectors.ts";

/**
 * Smallest angle between `p` and the great-circle arc from `a` to `b` (shorter than half a circle),
 * radians.
 */
export function angleToArc(p: UnitVector, a: UnitVector, b: UnitVector): number {
  const normal = cross(a, b);
  const norm = length(normal);
  if (norm < 1e-15) return angle(p, a);
  // p is beside the arc when its foot is between a and b
  const beside = dot(cross(normal, a), p) >= 0 && dot(cross(b, normal), p) >= 0;
  return beside
    ? Math.abs(Math.asin(Math.min(1, Math.max(-1, dot(normal, p) / norm))))
    : Math.min(angle(p, a), angle(p, b));
}

/**
 * Sign of the volume of three directions: positive if `c` is to the left of the arc from `a` to
 * `b`.
 */
export function side(a: UnitVector, b: UnitVector, c: UnitVector): number {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) +
    a[1] * (b[2] * c[0] - b[0] * c[2]) +
    a[2] * (b[0] * c[1] - b[1] * c[0])
  );
}

/** Whether two great-circle arcs, each shorter than half a circle, have a point in common. */
export function arcsMeet(a: UnitVector, b: UnitVector, c: UnitVector, d: UnitVector): boolean {
  const one = -side(a, b, c);
  const two = side(a, b, d);
  const three = side(c, d, a);
  const four = -side(c, d, b);
  if (one === 0 && two === 0 && three === 0 && four === 0) return false;
  return (
    (one >= 0 && two >= 0 && three >= 0 && four >= 0) || (one <= 0 && two <= 0 && three <= 0 && four <= 0)
  );
}

/** Parameters of an arc from `a`: points are a cos t + q sin t for t from 0 to `end`, radians. */
export function arcFrom(a: UnitVector, b: UnitVector): { readonly q: UnitVector; readonly end: number } {
  const normal = cross(a, b);
  const norm = length(normal);
  const end = Math.atan2(norm, dot(a, b));
  if (norm === 0) return { q: [0, 0, 0], end: 0 };
  return { q: cross([normal[0] / norm, normal[1] / norm, normal[2] / norm], a), end };
}
