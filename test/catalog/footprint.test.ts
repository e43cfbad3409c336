import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  boxAround,
  footprintBox,
  footprintMeets,
  type SkyCorners,
  type SkyPoint,
  unitVector,
} from "../../src/catalog/footprint.ts";

type Vector = readonly [number, number, number];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const unit = (a: Vector): Vector => a.map((x) => x / Math.hypot(...a)) as unknown as Vector;
const place = (v: Vector): SkyPoint => [
  ((Math.atan2(v[1], v[0]) * 180) / Math.PI + 360) % 360,
  (Math.asin(Math.max(-1, Math.min(1, v[2]))) * 180) / Math.PI,
];

/** A square frame about a place, turned by an angle, `half` degrees to each side. */
function frame(centre: SkyPoint, turn: number, half: number): SkyCorners {
  const c = unitVector(centre);
  const a = unit(cross(c, Math.abs(c[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0]));
  const b = cross(c, a);
  const s = Math.tan((half * Math.PI) / 180);
  const [u, v] = [Math.cos(turn), Math.sin(turn)];
  const corner = (x: number, y: number) =>
    place(
      unit([0, 1, 2].map((i) => c[i]! + s * ((x * u - y * v) * a[i]! + (x * v + y * u) * b[i]!)) as never),
    );
  return [corner(-1, 1), corner(1, 1), corner(1, -1), corner(-1, -1)];
}

/** By the signs of its planes: for convex footprints an independent rule. */
function bruteForce(corners: SkyCorners, p: SkyPoint): boolean {
  const v = corners.map(unitVector);
  const sides = v.map((a, i) => dot(cross(a, v[(i + 1) % 4]!), unitVector(p)));
  const centre = v.reduce<Vector>((s, a) => [s[0] + a[0], s[1] + a[1], s[2] + a[2]], [0, 0, 0]);
  return dot(centre, unitVector(p)) > 0 && (sides.every((x) => x > 0) || sides.every((x) => x < 0));
}

const dec = fc.oneof(
  fc.constantFrom(-90, -89.999, 0, 89.99, 90),
  fc.double({ min: -90, max: 90, noNaN: true }),
);
const ra = fc.oneof(fc.constantFrom(0, 359.9999), fc.double({ min: 0, max: 360, noNaN: true }));
const anyFrame = fc
  .tuple(ra, dec, fc.double({ min: 0, max: 6.3, noNaN: true }), fc.constantFrom(0.2, 1.4, 2.75, 20))
  .map(([r, d, turn, half]) => ({ corners: frame([r, d], turn, half), centre: [r, d] as SkyPoint, half }));

describe("a footprint on the sphere", () => {
  it("contains what the planes through its edges contain, poles and RA 0 included (brute force)", () => {
    fc.assert(
      fc.property(
        anyFrame,
        fc.double({ min: -8, max: 8, noNaN: true }),
        fc.double({ min: -8, max: 8, noNaN: true }),
        ({ corners, centre }, dx, dy) => {
          const p: SkyPoint = [(centre[0] + dx + 360) % 360, Math.max(-90, Math.min(90, centre[1] + dy))];
          expect(footprintMeets(corners, p, 0)).toBe(bruteForce(corners, p));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("lies in its box, and its box meets the box of every place within", () => {
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
        if (apart) expect(footprintMeets(corners, [r, d], 0.5)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("is met by a circle that reaches an edge or a corner from outside", () => {
    const corners = frame([0, 0], 0, 1);
    expect(footprintMeets(corners, [2, 0], 0.999)).toBe(false);
    expect(footprintMeets(corners, [2, 0], 1.001)).toBe(true);
    expect(footprintMeets(corners, [180, 0], 100)).toBe(false);
    const square: SkyCorners = [
      [359, 1],
      [1, 1],
      [1, -1],
      [359, -1],
    ];
    expect(footprintMeets(square, [1.1, 1.1], 0.14)).toBe(false);
    expect(footprintMeets(square, [1.1, 1.1], 0.15)).toBe(true);
  });
});
