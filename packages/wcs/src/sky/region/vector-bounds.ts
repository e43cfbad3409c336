import { arcFrom } from "../arcs.ts";
import type { VectorBox } from "../footprint.ts";
import type { UnitVector } from "../vectors.ts";

/** By how much boxes exceed their content, to allow for rounding errors. */
const MARGIN = 1e-9;

/** Collects the bounds of directions. */
export class VectorBounds {
  readonly #min: [number, number, number] = [1, 1, 1];
  readonly #max: [number, number, number] = [-1, -1, -1];

  add(direction: UnitVector): void {
    for (let axis = 0; axis < 3; axis += 1) this.addValue(axis, direction[axis]!);
  }

  addValue(axis: number, value: number): void {
    this.#min[axis] = Math.min(this.#min[axis]!, value);
    this.#max[axis] = Math.max(this.#max[axis]!, value);
  }

  /** Adds the great-circle arc between two directions, shorter than half a circle. */
  addArc(a: UnitVector, b: UnitVector): void {
    this.add(a);
    this.add(b);
    const { q, end } = arcFrom(a, b);
    for (let axis = 0; axis < 3; axis += 1) {
      const extreme = Math.hypot(a[axis]!, q[axis]!);
      const highest = Math.atan2(q[axis]!, a[axis]!);
      const lowest = Math.atan2(-q[axis]!, -a[axis]!);
      if (highest > 0 && highest < end) this.addValue(axis, extreme);
      if (lowest > 0 && lowest < end) this.addValue(axis, -extreme);
    }
  }

  get box(): VectorBox {
    const [x0, y0, z0] = this.#min;
    const [x1, y1, z1] = this.#max;
    return {
      min: [x0 - MARGIN, y0 - MARGIN, z0 - MARGIN],
      max: [x1 + MARGIN, y1 + MARGIN, z1 + MARGIN],
    };
  }
}
