import { cross, dot, length, type UnitVector } from "../vectors.ts";

/** Sums of directions shorter than this have no direction. */
const NO_MIDDLE = 1e-6;
/** Cosine of the largest angle from the middle, just below 90 degrees. */
const LEAST_COSINE = 1e-9;

/** The mean of directions; undefined if they cancel out. */
export function meanDirection(directions: readonly UnitVector[]): UnitVector | undefined {
  let [x, y, z] = [0, 0, 0];
  for (const direction of directions) {
    x += direction[0];
    y += direction[1];
    z += direction[2];
  }
  const norm = Math.hypot(x, y, z);
  return norm < NO_MIDDLE ? undefined : [x / norm, y / norm, z / norm];
}

/**
 * A polygon of great circles on the plane that touches the sphere at its middle, where great
 * circles are straight lines (gnomonic projection).
 */
export class PlanarPolygon {
  readonly middle: UnitVector;
  readonly #east: UnitVector;
  readonly #north: UnitVector;
  /** x and y of the vertices. */
  readonly #xy: Float64Array;

  private constructor(middle: UnitVector, vertices: readonly UnitVector[]) {
    const axis: UnitVector = Math.abs(middle[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
    const east = cross(axis, middle);
    const norm = length(east);
    this.middle = middle;
    this.#east = [east[0] / norm, east[1] / norm, east[2] / norm];
    this.#north = cross(middle, this.#east);
    this.#xy = new Float64Array(2 * vertices.length);
    for (const [i, vertex] of vertices.entries()) {
      const along = dot(vertex, middle);
      this.#xy[2 * i] = dot(vertex, this.#east) / along;
      this.#xy[2 * i + 1] = dot(vertex, this.#north) / along;
    }
  }

  /** Undefined unless all vertices are within 90 degrees of their mean direction. */
  static of(vertices: readonly UnitVector[]): PlanarPolygon | undefined {
    const middle = meanDirection(vertices);
    if (middle === undefined || vertices.some((vertex) => dot(vertex, middle) < LEAST_COSINE))
      return undefined;
    return new PlanarPolygon(middle, vertices);
  }

  /** Whether a direction is within the polygon, or exactly on an edge. */
  contains(direction: UnitVector): boolean {
    const along = dot(direction, this.middle);
    if (along <= 0) return false;
    const x = dot(direction, this.#east) / along;
    const y = dot(direction, this.#north) / along;
    const xy = this.#xy;
    let isInside = false;
    let [bx, by] = [xy[xy.length - 2]!, xy[xy.length - 1]!];
    for (let i = 0; i < xy.length; i += 2) {
      const [ax, ay] = [bx, by];
      bx = xy[i]!;
      by = xy[i + 1]!;
      const turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
      if (turn === 0 && (x - ax) * (x - bx) <= 0 && (y - ay) * (y - by) <= 0) return true;
      if (ay > y !== by > y && turn > 0 === by > ay) isInside = !isInside;
    }
    return isInside;
  }

  /** Whether two edges that are not neighbors have a point in common, or neighbors overlap. */
  get crossesItself(): boolean {
    const xy = this.#xy;
    const count = xy.length / 2;
    for (let i = 0; i < count; i += 1) {
      for (let j = i + 1; j < count; j += 1) {
        const areNeighbors = j === i + 1 || (i === 0 && j === count - 1);
        if (areNeighbors ? this.#foldsBack(j === i + 1 ? j : i) : this.#edgesMeet(i, j)) return true;
      }
    }
    return false;
  }

  #turn(i: number, j: number, k: number): number {
    const xy = this.#xy;
    const [x, y] = [xy[2 * i]!, xy[2 * i + 1]!];
    return (xy[2 * j]! - x) * (xy[2 * k + 1]! - y) - (xy[2 * j + 1]! - y) * (xy[2 * k]! - x);
  }

  /** Whether the edge after vertex `i` goes back along the edge before it. */
  #foldsBack(i: number): boolean {
    const count = this.#xy.length / 2;
    const [before, after] = [(i + count - 1) % count, (i + 1) % count];
    return this.#turn(before, i, after) === 0 && this.#isBeyond(before, i, after);
  }

  #isBeyond(a: number, b: number, c: number): boolean {
    const xy = this.#xy;
    const [x, y] = [xy[2 * b]!, xy[2 * b + 1]!];
    return (xy[2 * a]! - x) * (xy[2 * c]! - x) + (xy[2 * a + 1]! - y) * (xy[2 * c + 1]! - y) > 0;
  }

  #edgesMeet(i: number, j: number): boolean {
    const count = this.#xy.length / 2;
    const [a, b, c, d] = [i, (i + 1) % count, j, (j + 1) % count];
    const [abc, abd, cda, cdb] = [
      this.#turn(a, b, c),
      this.#turn(a, b, d),
      this.#turn(c, d, a),
      this.#turn(c, d, b),
    ];
    if (abc === 0 && abd === 0) return [c, d].some((k) => this.#isBetween(a, b, k));
    return abc * abd <= 0 && cda * cdb <= 0;
  }

  #isBetween(a: number, b: number, k: number): boolean {
    const xy = this.#xy;
    const [x, y] = [xy[2 * k]!, xy[2 * k + 1]!];
    return (x - xy[2 * a]!) * (x - xy[2 * b]!) <= 0 && (y - xy[2 * a + 1]!) * (y - xy[2 * b + 1]!) <= 0;
  }
}
