import { angleToArc, arcsMeet } from "../arcs.ts";
import type { SkyCorners, VectorBox } from "../footprint.ts";
import { angle, type SkyPoint, skyPoint, type UnitVector, unitVector } from "../vectors.ts";
import { FootprintPolygon } from "./footprint-polygon.ts";
import { PlanarPolygon } from "./planar-polygon.ts";
import { VectorBounds } from "./vector-bounds.ts";

const AXES: readonly UnitVector[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** The vertices without consecutive repetitions, and without the first one repeated at the end. */
function distinctVertices(vertices: readonly SkyPoint[]): readonly UnitVector[] {
  const all = vertices.map(unitVector);
  const isSame = (a: UnitVector, b: UnitVector) => a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
  const distinct = all.filter((vertex, i) => i === 0 || !isSame(vertex, all[i - 1]!));
  if (distinct.length > 1 && isSame(distinct[0]!, distinct.at(-1)!)) distinct.pop();
  return distinct;
}

/** Why the vertices do not form a polygon; undefined if they do. */
export function polygonProblem(vertices: readonly SkyPoint[]): string | undefined {
  const distinct = distinctVertices(vertices);
  if (distinct.length < 3) return "a polygon needs at least three different vertices";
  const plane = PlanarPolygon.of(distinct);
  if (plane === undefined)
    return "the vertices of a polygon must be within 90 degrees of their mean direction";
  return plane.crossesItself ? "the edges of a polygon must not cross" : undefined;
}

/** A simple polygon of great circles: the smaller side of its edges. */
export class PolygonRegion {
  readonly places: readonly SkyPoint[];
  readonly box: VectorBox;
  readonly #vertices: readonly UnitVector[];
  readonly #plane: PlanarPolygon;

  /** @param vertices without a problem; degrees, in either direction */
  constructor(vertices: readonly SkyPoint[]) {
    const distinct = distinctVertices(vertices);
    const plane = PlanarPolygon.of(distinct);
    if (plane === undefined) throw new RangeError("not a polygon");
    this.#vertices = distinct;
    this.#plane = plane;
    const isInMiddle = plane.contains(plane.middle);
    this.places = [...(isInMiddle ? [skyPoint(plane.middle)] : []), ...distinct.map(skyPoint)];
    const bounds = new VectorBounds();
    for (const [a, b] of this.#edges()) bounds.addArc(a, b);
    for (const [axis, direction] of AXES.entries()) {
      if (plane.contains(direction)) bounds.addValue(axis, 1);
      if (plane.contains([-direction[0], -direction[1], -direction[2]])) bounds.addValue(axis, -1);
    }
    // a cap of less than 90 degrees that contains the vertices contains the edges too
    const radius = Math.max(...distinct.map((vertex) => angle(plane.middle, vertex)));
    this.box = { ...bounds.box, cap: { middle: plane.middle, radius } };
  }

  contains(direction: UnitVector): boolean {
    return this.#plane.contains(direction);
  }

  distance(direction: UnitVector): number {
    let nearest = Number.POSITIVE_INFINITY;
    for (const [a, b] of this.#edges()) nearest = Math.min(nearest, angleToArc(direction, a, b));
    return this.contains(direction) ? -nearest : nearest;
  }

  meets(corners: SkyCorners): boolean {
    const image = new FootprintPolygon(corners);
    if (!image.isPolygon) return false;
    const { vertices } = image;
    if (vertices.some((vertex) => this.contains(vertex))) return true;
    if (this.#vertices.some((vertex) => image.contains(vertex))) return true;
    for (const [a, b] of this.#edges())
      for (let i = 0; i < 4; i += 1) if (arcsMeet(a, b, vertices[i]!, vertices[(i + 1) % 4]!)) return true;
    return false;
  }

  *#edges(): Generator<readonly [UnitVector, UnitVector]> {
    const vertices = this.#vertices;
    for (let i = 0; i < vertices.length; i += 1) yield [vertices[i]!, vertices[(i + 1) % vertices.length]!];
  }
}
