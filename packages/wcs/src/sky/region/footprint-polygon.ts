import type { SkyCorners } from "../footprint.ts";
import { angle, type UnitVector, unitVector } from "../vectors.ts";
import { PlanarPolygon } from "./planar-polygon.ts";

/** A footprint for comparison with regions. */
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
