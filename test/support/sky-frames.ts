import type { SkyCorners, SkyPoint } from "../../packages/wcs/src/sky/footprint.ts";

type Vector = readonly [number, number, number];
const DEGREE = Math.PI / 180;

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function vectorOf([ra, dec]: SkyPoint): Vector {
  const c = Math.cos(dec * DEGREE);
  return [c * Math.cos(ra * DEGREE), c * Math.sin(ra * DEGREE), Math.sin(dec * DEGREE)];
}

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
    return [(Math.atan2(p[1], p[0]) / DEGREE + 360) % 360, Math.atan2(p[2], Math.hypot(p[0], p[1])) / DEGREE];
  };
  return [corner(-1, 1), corner(1, 1), corner(1, -1), corner(-1, -1)];
}

/** Whether a convex footprint contains a position: by the signs of the planes through its edges. */
export function insideByPlanes(corners: SkyCorners, place: SkyPoint): boolean {
  const vertices = corners.map(vectorOf);
  const p = vectorOf(place);
  const sides = vertices.map((a, i) => dot(cross(a, vertices[(i + 1) % 4]!), p));
  const middle = vertices.reduce<Vector>((s, v) => [s[0] + v[0], s[1] + v[1], s[2] + v[2]], [0, 0, 0]);
  return dot(middle, p) > 0 && (sides.every((x) => x > 0) || sides.every((x) => x < 0));
}

/**
 * Degrees from a position to the nearest of many points on the edges of a footprint: an upper limit
 * of the distance to the edge.
 */
export function distanceFromEdge(corners: SkyCorners, place: SkyPoint, steps: number): number {
  const vertices = corners.map(vectorOf);
  const p = vectorOf(place);
  let nearest = Number.POSITIVE_INFINITY;
  vertices.forEach((a, i) => {
    const b = vertices[(i + 1) % 4]!;
    for (let k = 0; k < steps; k += 1) {
      const t = k / steps;
      const q = a.map((x, axis) => x * (1 - t) + b[axis]! * t) as unknown as Vector;
      nearest = Math.min(nearest, Math.atan2(Math.hypot(...cross(p, q)), dot(p, q)) / DEGREE);
    }
  });
  return nearest;
}
