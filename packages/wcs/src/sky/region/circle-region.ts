import { boxAround, SkyCircle, type SkyCorners, type VectorBox } from "../footprint.ts";
import { DEGREE } from "../rotation.ts";
import { angle, type SkyPoint, type UnitVector, unitVector } from "../vectors.ts";

/** All directions within an angle of a center, up to half a circle. */
export class CircleRegion {
  readonly places: readonly SkyPoint[];
  readonly box: VectorBox;
  readonly #centre: UnitVector;
  readonly #radius: number;
  /** Square of the chord of the radius, which is precise for small angles. */
  readonly #chord2: number;
  readonly #circle: SkyCircle;

  /** @param radius degrees, from 0 to 180 */
  constructor(centre: SkyPoint, radius: number) {
    this.places = [centre];
    this.#centre = unitVector(centre);
    this.#radius = radius * DEGREE;
    this.box = { ...boxAround(centre, radius), cap: { middle: this.#centre, radius: this.#radius } };
    this.#chord2 = (2 * Math.sin(this.#radius / 2)) ** 2;
    this.#circle = new SkyCircle(centre, radius);
  }

  contains([x, y, z]: UnitVector): boolean {
    const [cx, cy, cz] = this.#centre;
    return (x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2 <= this.#chord2;
  }

  distance(direction: UnitVector): number {
    return angle(this.#centre, direction) - this.#radius;
  }

  meets(corners: SkyCorners): boolean {
    return this.#circle.meets(corners);
  }
}
