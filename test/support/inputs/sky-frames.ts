import type { SkyCorners } from "../../../packages/wcs/src/sky/footprint.ts";
import { DEGREE } from "../../../packages/wcs/src/sky/rotation.ts";
import {
  angle,
  combination,
  cross,
  dot,
  type SkyPoint,
  skyPoint,
  type UnitVector,
  unitVector,
} from "../../../packages/wcs/src/sky/vectors.ts";

/** Repeatable random numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A random position on the sphere, uniformly distributed. */
export function anyPlace(random: () => number): SkyPoint {
  return [random() * 360, Math.asin(2 * random() - 1) / DEGREE];
}

/**
 * Corners of a square frame around a position, `half` degrees to each side of it, rotated by `turn`
 * radians; in order around it.
 */
export function squareFrame([ra, dec]: SkyPoint, half: number, turn: number): SkyCorners {
  const [sr, cr, sd, cd] = [
    Math.sin(ra * DEGREE),
    Math.cos(ra * DEGREE),
    Math.sin(dec * DEGREE),
    Math.cos(dec * DEGREE),
  ];
  const side = Math.tan(half * DEGREE);
  const corner = (x: number, y: number): SkyPoint => {
    // on the tangent plane at the position: u to the east, v to the north
    const u = side * (x * Math.cos(turn) - y * Math.sin(turn));
    const v = side * (x * Math.sin(turn) + y * Math.cos(turn));
    const p = [cd * cr - u * sr - v * sd * cr, cd * sr + u * cr - v * sd * sr, sd + v * cd] as const;
    return skyPoint(p);
  };
  return [corner(-1, 1), corner(1, 1), corner(1, -1), corner(-1, -1)];
}

/** Whether a convex footprint contains a position: by the signs of the planes through its edges. */
export function insideByPlanes(corners: SkyCorners, place: SkyPoint): boolean {
  const vertices = corners.map(unitVector);
  const p = unitVector(place);
  const sides = vertices.map((a, i) => dot(cross(a, vertices[(i + 1) % 4]!), p));
  const middle = vertices.reduce<UnitVector>((s, v) => [s[0] + v[0], s[1] + v[1], s[2] + v[2]], [0, 0, 0]);
  return dot(middle, p) > 0 && (sides.every((x) => x > 0) || sides.every((x) => x < 0));
}

/**
 * Degrees from a position to the nearest of many points on the edges of a footprint: an upper limit
 * of the distance to the edge.
 */
export function distanceFromEdge(corners: SkyCorners, place: SkyPoint, steps: number): number {
  const vertices = corners.map(unitVector);
  const p = unitVector(place);
  let nearest = Number.POSITIVE_INFINITY;
  vertices.forEach((a, i) => {
    const b = vertices[(i + 1) % 4]!;
    for (let k = 0; k < steps; k += 1) {
      const t = k / steps;
      nearest = Math.min(nearest, angle(p, combination(a, 1 - t, b, t)) / DEGREE);
    }
  });
  return nearest;
}
