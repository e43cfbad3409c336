import { arcsMeet, side } from "../arcs.ts";
import type { SkyCorners } from "../footprint.ts";
import { angle, type SkyPoint, type UnitVector, unitVector } from "../vectors.ts";
import { meanDirection, PlanarPolygon } from "./planar-polygon.ts";

/** A footprint to compare with regions. */
export class FootprintPolygon {
  readonly vertices: readonly UnitVector[];
  readonly #plane: PlanarPolygon | undefined;

  constructor(corners: SkyCorners) {
    this.vertices = corners.map(unitVector);
    this.#plane = PlanarPolygon.of(this.vertices);
  }

  /** Whether it has an inside: the corners are within 90 degrees of their middle. */
  get isPolygon(): boolean {
    return this.#plane !== undefined;
  }

  contains(direction: UnitVector): boolean {
    return this.#plane?.contains(direction) ?? this.vertices.some((vertex) => angle(vertex, direction) === 0);
  }
}

/** The corners in an order in which the edges between them do not cross. */
export function simpleCorners(corners: SkyCorners): SkyCorners {
  const [a, b, c, d] = corners;
  const [va, vb, vc, vd] = [unitVector(a), unitVector(b), unitVector(c), unitVector(d)];
  if (arcsMeet(va, vb, vc, vd)) return [a, c, b, d];
  if (arcsMeet(vb, vc, vd, va)) return [a, b, d, c];
  return corners;
}

/**
 * A footprint as a polygon, in the direction that IVOA demands: counter-clockwise as seen from
 * inside, with east to the left (DALI 1.1, 3.3.7). Right ascensions from 0 to 360, not closed.
 */
export function outlineOf(corners: SkyCorners): readonly SkyPoint[] {
  const around = simpleCorners(corners);
  const vertices = around.map(unitVector);
  const middle = meanDirection(vertices);
  if (middle === undefined) return around;
  const turn = vertices.reduce((sum, vertex, i) => sum + side(vertex, vertices[(i + 1) % 4]!, middle), 0);
  return turn > 0 ? [...around].reverse() : around;
}
