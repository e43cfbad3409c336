import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { betweenPositions, offsetAlong, positionAngle, separation } from "../../src/sky/great-circle.ts";
import type { SkyPoint } from "../../src/sky/vectors.ts";

const places = fc.tuple(
  fc.double({ min: 0, max: 359.999, noNaN: true }),
  fc.double({ min: -89.99, max: 89.99, noNaN: true }),
);

// astropy 8.0.2: SkyCoord(from).directional_offset_by(angle, distance)
const BY_ASTROPY: readonly (readonly [SkyPoint, number, number, SkyPoint])[] = [
  [[10.0, 20.0], 37.0, 0.5, [10.321038247882806, 20.399027585899354]],
  [[359.999, 0.0], 90.0, 0.01, [0.009000000000014706, 6.123233964649371e-19]],
  [[123.4, 89.9], 200.0, 0.3, [108.36157882173117, 89.60454893279008]],
  [[200.0, -89.99], 10.0, 2.0, [209.95051738464358, -87.99015117262635]],
  [[0.001, 60.0], 271.0, 100.0, [264.10363597940346, -8.151444915842973]],
  [[80.0, -30.0], 135.0, 179.0, [259.18925239198234, 29.290409635342094]],
  [[45.0, 45.0], 12.0, 1e-5, [45.00000294031583, 45.000009781475974]],
];

describe("great circles on the sky", () => {
  test.each(BY_ASTROPY)(
    "the position from %j at angle %d, %d degrees away is that of astropy's directional_offset_by",
    (from, angle, distance, to) => {
      const found = offsetAlong(from, angle, distance);
      // near a pole, the arcsine by which astropy computes the declination loses digits
      expect(separation(found, to)).toBeLessThan(Math.abs(from[1]) > 89.9 ? 1e-11 : 1e-12);
      expect(separation(from, to)).toBeCloseTo(distance, 11);
      expect(Math.abs(positionAngle(from, to) - angle) * Math.min(1, distance)).toBeLessThan(1e-9);
    },
  );

  test("an offset is at its distance and position angle, and the offset back leads to its start", () => {
    fc.assert(
      fc.property(
        places,
        fc.double({ min: 0, max: 359.99, noNaN: true }),
        fc.double({ min: 1e-3, max: 179, noNaN: true }),
        (from, angle, distance) => {
          const to = offsetAlong(from, angle, distance);
          expect(Math.abs(separation(from, to) - distance)).toBeLessThan(1e-12);
          const turned = Math.abs(positionAngle(from, to) - angle);
          expect(Math.min(turned, 360 - turned)).toBeLessThan(1e-7);
          expect(separation(offsetAlong(to, positionAngle(to, from), distance), from)).toBeLessThan(1e-10);
        },
      ),
    );
  });

  test("a position between two others divides their separation", () => {
    fc.assert(
      fc.property(places, places, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, fraction) => {
        fc.pre(separation(from, to) < 179);
        const found = betweenPositions(from, to, fraction);
        expect(separation(from, found)).toBeCloseTo(fraction * separation(from, to), 9);
        expect(separation(found, to)).toBeCloseTo((1 - fraction) * separation(from, to), 9);
      }),
    );
    expect(betweenPositions([10, 20], [10, 20], 0.4)).toEqual([10, 20]);
  });
});
