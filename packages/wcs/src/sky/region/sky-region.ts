import type { SkyCorners, VectorBox } from "../footprint.ts";
import type { SkyPoint, UnitVector } from "../vectors.ts";
import { CircleRegion } from "./circle-region.ts";
import { PolygonRegion, polygonProblem } from "./polygon-region.ts";
import { RangeRegion } from "./range-region.ts";

/** A region of the sky, its boundary included. */
export interface SkyRegion {
  /** Positions in the region (ICRS, degrees); at least one, well inside if possible. */
  readonly places: readonly SkyPoint[];
  /** Bounds of the unit vectors in the region. */
  readonly box: VectorBox;
  contains(direction: UnitVector): boolean;
  /**
   * Angle from a direction to the boundary, radians: negative within the region.
   */
  distance(direction: UnitVector): number;
  /**
   * Whether the region and the polygon of great circles between the corners, which are within 90
   * degrees of their middle, have a point in common.
   */
  meets(corners: SkyCorners): boolean;
}

/**
 * Why a shape is not a valid region; undefined if it is. A polygon needs three different vertices,
 * all within 90 degrees of their mean direction, and edges that do not cross (IVOA SIA 2.0, 2.1.1).
 */
export function shapeProblem(shape: SkyShape): string | undefined {
  return shape.kind === "polygon" ? polygonProblem(shape.vertices) : undefined;
}

/** The region of a shape without a problem. */
export function skyRegion(shape: SkyShape): SkyRegion {
  switch (shape.kind) {
    case "circle":
      return new CircleRegion([shape.lon, shape.lat], shape.radius);
    case "range":
      return new RangeRegion(shape.lon, shape.lat);
    case "polygon":
      return new PolygonRegion(shape.vertices);
  }
}

/**
 * A region of the sky as protocols write it; ICRS, degrees (IVOA SIA 2.0, 2.1.1; DALI 1.1, 3.3).
 */
export type SkyShape =
  | { readonly kind: "circle"; readonly lon: number; readonly lat: number; readonly radius: number }
  | {
      /** Bounded by meridians and parallels. */
      readonly kind: "range";
      /** From the first eastward to the second: 359 to 1 spans longitude 0; 0 to 360 is all. */
      readonly lon: readonly [number, number];
      readonly lat: readonly [number, number];
    }
  | {
      /** Bounded by great circles through at least three vertices, in either direction. */
      readonly kind: "polygon";
      readonly vertices: readonly (readonly [lon: number, lat: number])[];
    };
