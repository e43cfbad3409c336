import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mapPlaneWithSlopes, type PlaneMap, polynomial } from "../src/transform/plane-map.ts";
import { planeMap, unfoldedRadius } from "../src/transform/unfolded-radius.ts";

const base = { radialX: [], radialY: [], origin: [3, -2], scale: [0.5, 2], tolerance: 1e-9 } as const;
const linear = polynomial(1, [[1, 0, 1]]);

/** Determinant of a map at (u, v). */
function determinant(map: PlaneMap, u: number, v: number): number {
  const out = new Float64Array(6);
  mapPlaneWithSlopes(map, map.origin[0] + u / map.scale[0], map.origin[1] + v / map.scale[1], out);
  return out[2]! * out[5]! - out[3]! * out[4]!;
}

describe("the radius within which a map does not fold", () => {
  test("the unfolded radius of x' = u - u^2 ends where its slope becomes 0, at u = 1/2", () => {
    const x = polynomial(2, [
      [1, 0, 1],
      [2, 0, -1],
    ]);
    const y = polynomial(2, [[0, 1, 1]]);
    expect(unfoldedRadius({ ...base, degree: 2, x, y })).toBeCloseTo(0.5, 6);
  });

  test("the unfolded radius is 0 for a map onto a line, and unbounded without distortion", () => {
    expect(unfoldedRadius({ ...base, degree: 1, x: linear, y: linear })).toBe(0);
    expect(unfoldedRadius({ ...base, degree: 1, x: linear, y: polynomial(1, [[0, 1, -1]]) })).toBeGreaterThan(
      1e11,
    );
  });

  test("within the unfolded radius determinants have one sign, whatever the terms", () => {
    const term = fc.double({ min: -0.5, max: 0.5, noNaN: true });
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(term, { minLength: 16, maxLength: 16 }),
        fc.array(term, { minLength: 16, maxLength: 16 }),
        fc.array(term, { maxLength: 3 }),
        (x, y, radialX) => {
          const within = (i: number) => (i >> 2) + (i & 3) <= 3;
          const map = planeMap({
            ...base,
            degree: 3,
            x: x.map((c, i) => (within(i) ? c + (i === 4 ? 1 : 0) : 0)),
            y: y.map((c, i) => (within(i) ? c + (i === 1 ? 1 : 0) : 0)),
            radialX,
            radialY: radialX.map((c) => c / 2),
          });
          const radius = map.unfoldedRadius;
          if (radius === 0) return;
          found++;
          const sign = Math.sign(determinant({ ...map, radialX: [], radialY: [] }, 0, 0));
          for (let k = 1; k <= 40; k++) {
            const [r, phi] = [(radius * ((k % 5) + 1)) / 5, k * 0.7];
            expect(Math.sign(determinant(map, r * Math.cos(phi), r * Math.sin(phi)))).toBe(sign);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(100);
  });
});
