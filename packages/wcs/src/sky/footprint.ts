import { angleToArc } from "./arcs.ts";
import { DEGREE } from "./rotation.ts";
import { angle, length, type SkyPoint, skyPoint, type UnitVector, unitVector } from "./vectors.ts";

/** Corners of an image in order around it. */
export type SkyCorners = readonly [SkyPoint, SkyPoint, SkyPoint, SkyPoint];

/** Sums of corners shorter than this have no direction. */
const NO_MIDDLE = 1e-6;

/** The middle of the corners; undefined if they cancel out. */
function centreOf(corners: readonly UnitVector[]): UnitVector | undefined {
  const sum = corners.reduce<UnitVector>((s, v) => [s[0] + v[0], s[1] + v[1], s[2] + v[2]], [0, 0, 0]);
  const norm = length(sum);
  return norm < NO_MIDDLE ? undefined : [sum[0] / norm, sum[1] / norm, sum[2] / norm];
}

/**
 * The direction of the sum of the corners, and the diameter of the circle about it that contains
 * all of them, degrees; undefined if the corners cancel out.
 */
export function footprintCentre(
  corners: SkyCorners,
): { readonly ra: number; readonly dec: number; readonly diameter: number } | undefined {
  const vertices = corners.map(unitVector);
  const centre = centreOf(vertices);
  if (centre === undefined) return undefined;
  const [ra, dec] = skyPoint(centre);
  const radius = Math.max(...vertices.map((vertex) => angle(centre, vertex)));
  return { ra, dec, diameter: (2 * radius) / DEGREE };
}

/** Degrees between the middle of a footprint and a position. */
export function distanceFromCentre(corners: SkyCorners, place: SkyPoint): number {
  const centre = centreOf(corners.map(unitVector));
  return centre === undefined ? 180 : angle(centre, unitVector(place)) / DEGREE;
}

/**
 * x, y and z of the four corners of the current footprint. Reused, because a search visits
 * thousands and an array for each would be garbage.
 */
const vertices = new Float64Array(12);

function setVertices(corners: SkyCorners): void {
  for (let i = 0; i < 4; i += 1) {
    const v = unitVector(corners[i]!);
    vertices[3 * i] = v[0];
    vertices[3 * i + 1] = v[1];
    vertices[3 * i + 2] = v[2];
  }
}

/** Component 0 to 2 of the sum of the vertices, which points to their middle. */
function sumOf(axis: number): number {
  return vertices[axis]! + vertices[axis + 3]! + vertices[axis + 6]! + vertices[axis + 9]!;
}

/**
 * Whether `p` is within the polygon of great circles, edges included: the angles subtended by its
 * edges at `p` add up to a full turn.
 */
function isInside(p: UnitVector): boolean {
  const x = p[0];
  const y = p[1];
  const z = p[2];
  let turn = 0;
  for (let i = 0; i < 12; i += 3) {
    const ax = vertices[i]!;
    const ay = vertices[i + 1]!;
    const az = vertices[i + 2]!;
    const j = (i + 3) % 12;
    const bx = vertices[j]!;
    const by = vertices[j + 1]!;
    const bz = vertices[j + 2]!;
    const triple = x * (ay * bz - az * by) + y * (az * bx - ax * bz) + z * (ax * by - ay * bx);
    const along = (ax * x + ay * y + az * z) * (bx * x + by * y + bz * z);
    turn += Math.atan2(triple, ax * bx + ay * by + az * bz - along);
  }
  return Math.abs(turn) > Math.PI;
}

/**
 * A circle on the sky for comparison with footprints, of `radius` degrees about `centre`; radius 0
 * is a point.
 */
export class SkyCircle {
  readonly #centre: UnitVector;
  readonly #radius: number;

  constructor(centre: SkyPoint, radius: number) {
    this.#centre = unitVector(centre);
    this.#radius = radius;
  }

  /**
   * Whether an image overlaps the circle; for radius 0, whether its footprint contains the point.
   * Exact on the sphere, for corners within 90 degrees of their middle.
   */
  meets(corners: SkyCorners): boolean {
    setVertices(corners);
    const x = sumOf(0);
    const y = sumOf(1);
    const z = sumOf(2);
    const p = this.#centre;
    if (Math.sqrt(x * x + y * y + z * z) < NO_MIDDLE) return false;
    if (x * p[0] + y * p[1] + z * p[2] > 0 && isInside(p)) return true;
    if (this.#radius <= 0) return false;
    const limit = this.#radius * DEGREE;
    const around = corners.map(unitVector);
    return around.some((a, i) => angleToArc(p, a, around[(i + 1) % around.length]!) <= limit);
  }
}

/** All directions within an angle of a direction. */
interface SkyCap {
  readonly middle: UnitVector;
  /** Radians. */
  readonly radius: number;
}

/** Bounds of unit vectors. */
export interface VectorBox {
  /** Bounds of each axis. */
  readonly min: UnitVector;
  readonly max: UnitVector;
  /** A cap that contains all of them. A wide one fills about half of its box. */
  readonly cap?: SkyCap;
}

/** Box around the cap of `radius` degrees about `centre`. */
function capBox(centre: UnitVector, radius: number): VectorBox {
  const margin = 1e-9;
  // atan2, because acos loses half of the digits near an axis
  const bound = (c: number, [a, b]: readonly [number, number], side: 1 | -1): number => {
    const from = Math.atan2(Math.hypot(a, b), c);
    const to = Math.min(Math.PI, Math.max(0, from - side * (radius * DEGREE)));
    return Math.cos(to) + side * margin;
  };
  const [x, y, z] = centre;
  return {
    min: [bound(x, [y, z], -1), bound(y, [x, z], -1), bound(z, [x, y], -1)],
    max: [bound(x, [y, z], 1), bound(y, [x, z], 1), bound(z, [x, y], 1)],
  };
}

/** Box around all positions within `radius` degrees of a position. */
export function boxAround(place: SkyPoint, radius: number): VectorBox {
  return capBox(unitVector(place), radius);
}

/**
 * Box around a footprint: that of the cap about its middle that contains all corners, and therefore
 * all edges.
 */
export function footprintBox(corners: SkyCorners): VectorBox | undefined {
  const vertices = corners.map(unitVector);
  const centre = centreOf(vertices);
  if (centre === undefined) return undefined;
  const radius = Math.max(...vertices.map((v) => angle(centre, v))) / DEGREE;
  return radius < 90 ? capBox(centre, radius) : undefined;
}
