import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draws } from "../../../../test/support/draws.ts";
import { insideByPlanes, squareFrame } from "../../../../test/support/inputs/sky-frames.ts";
import { boxAround, footprintBox, SkyCircle, type SkyCorners } from "../../src/sky/footprint.ts";
import { type SkyPoint, unitVector } from "../../src/sky/vectors.ts";

const dec = fc.oneof(
  fc.constantFrom(-90, -89.999, -89.999_999_99, 0, 89.99, 89.999_999_999, 90),
  fc.double({ min: -90, max: 90, noNaN: true }),
);
const ra = fc.oneof(fc.constantFrom(0, 359.9999), fc.double({ min: 0, max: 360, noNaN: true }));
const anyFrame = fc
  .tuple(ra, dec, fc.double({ min: 0, max: 6.3, noNaN: true }), fc.constantFrom(0.2, 1.4, 2.75, 20))
  .map(([r, d, turn, half]) => ({
    corners: squareFrame([r, d], half, turn),
    centre: [r, d] as SkyPoint,
    half,
  }));

describe("footprints on the sphere", () => {
  it("a footprint contains what the planes through its edges enclose, including poles and RA 0 (brute force)", () => {
    fc.assert(
      fc.property(
        anyFrame,
        fc.double({ min: -8, max: 8, noNaN: true }),
        fc.double({ min: -8, max: 8, noNaN: true }),
        ({ corners, centre }, dx, dy) => {
          const p: SkyPoint = [(centre[0] + dx + 360) % 360, Math.max(-90, Math.min(90, centre[1] + dy))];
          expect(new SkyCircle(p, 0).meets(corners)).toBe(insideByPlanes(corners, p));
        },
      ),
      { numRuns: draws(3000) },
    );
  });

  it("a footprint is within its box, which overlaps the box of every position within the footprint", () => {
    fc.assert(
      fc.property(anyFrame, ra, dec, ({ corners }, r, d) => {
        const box = footprintBox(corners)!;
        for (const corner of corners) {
          const v = unitVector(corner);
          for (const i of [0, 1, 2] as const) {
            expect(v[i]).toBeGreaterThanOrEqual(box.min[i]);
            expect(v[i]).toBeLessThanOrEqual(box.max[i]);
          }
        }
        const around = boxAround([r, d], 0.5);
        const apart = [0, 1, 2].some((i) => around.max[i]! < box.min[i]! || around.min[i]! > box.max[i]!);
        if (apart) expect(new SkyCircle([r, d], 0.5).meets(corners)).toBe(false);
      }),
      { numRuns: draws(1000) },
    );
  });

  it("a circle that reaches an edge or a corner of a footprint from outside overlaps it", () => {
    const corners = squareFrame([0, 0], 1, 0);
    expect(new SkyCircle([2, 0], 0.999).meets(corners)).toBe(false);
    expect(new SkyCircle([2, 0], 1.001).meets(corners)).toBe(true);
    expect(new SkyCircle([180, 0], 100).meets(corners)).toBe(false);
    const square: SkyCorners = [
      [359, 1],
      [1, 1],
      [1, -1],
      [359, -1],
    ];
    expect(new SkyCircle([1.1, 1.1], 0.14).meets(square)).toBe(false);
    expect(new SkyCircle([1.1, 1.1], 0.15).meets(square)).toBe(true);
  });
});
