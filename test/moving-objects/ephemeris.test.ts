import { describe, expect, test } from "vitest";
import { positionAt, spansOf } from "../../src/moving-objects/ephemeris/interpolate.ts";
import { median, skyLevel } from "../../src/moving-objects/make/sky-level.ts";
import { utcOf } from "../../src/moving-objects/time/time-scale.ts";

const DEGREE = Math.PI / 180;

/** Angle between two positions, arcseconds. */
function arcsec(a: { ra: number; dec: number }, b: { ra: number; dec: number }): number {
  const vector = ({ ra, dec }: { ra: number; dec: number }) => [
    Math.cos(dec * DEGREE) * Math.cos(ra * DEGREE),
    Math.cos(dec * DEGREE) * Math.sin(ra * DEGREE),
    Math.sin(dec * DEGREE),
  ];
  const [p, q] = [vector(a), vector(b)];
  return (2 * Math.asin(Math.hypot(...p.map((x, i) => x - q[i]!)) / 2) * 3600) / DEGREE;
}

/**
 * A body on a great circle that is inclined to the equator, at a constant speed in degrees per day.
 */
function circling(mjd: number, inclination: number, speed: number) {
  const along = speed * (mjd - 58_000) * DEGREE;
  const [x, y] = [Math.cos(along), Math.sin(along)];
  const tilt = inclination * DEGREE;
  const [py, pz] = [y * Math.cos(tilt), y * Math.sin(tilt)];
  const ra = Math.atan2(py, x) / DEGREE;
  return { mjd, ra: (ra + 360) % 360, dec: Math.atan2(pz, Math.hypot(x, py)) / DEGREE };
}

describe("interpolated ephemerides", () => {
  test.each([
    ["across RA 0", 20, 3],
    ["over the pole", 90, 40],
    ["near the pole", 89.9, 40],
  ])(
    "an interpolated ephemeris follows a great circle %s to 0.01 arcsec between nodes of half a day",
    (_, inclination, speed) => {
      const nodes = Array.from({ length: 24 }, (_, i) => circling(57_997 + i / 2, inclination, speed));
      for (const mjd of [57_997.1, 57_999.77, 58_000.25, 58_002.249, 58_008.4]) {
        const { error, ...place } = positionAt(nodes, mjd);
        const truth = circling(mjd, inclination, speed);
        const wrong = arcsec(place, truth);
        expect(wrong).toBeLessThan(speed > 10 ? 400 : 0.01);
        // the estimate is an upper limit of the error
        expect(error).toBeGreaterThanOrEqual(wrong);
      }
    },
  );

  test("an interpolated ephemeris passes through its nodes; fewer than four nodes have no error estimate", () => {
    const nodes = Array.from({ length: 5 }, (_, i) => circling(58_000 + i, 10, 1));
    expect(arcsec(positionAt(nodes, 58_002), nodes[2]!)).toBeLessThan(1e-6);
    expect(positionAt(nodes.slice(0, 3), 58_000.5).error).toBeUndefined();
    expect(positionAt(nodes.slice(0, 1), 58_000)).toMatchObject({ error: undefined });
  });

  test("the spans of an ephemeris cover all nodes and contain their positions", () => {
    const nodes = Array.from({ length: 100 }, (_, i) => circling(58_000 + i / 10, 30, 2));
    const spans = spansOf(nodes);
    expect([spans[0]!.start, spans.at(-1)!.stop]).toEqual([58_000, nodes.at(-1)!.mjd]);
    for (const [i, span] of spans.entries()) {
      if (i > 0) expect(span.start).toBe(spans[i - 1]!.stop);
      for (const node of nodes.filter(({ mjd }) => mjd >= span.start && mjd <= span.stop)) {
        const [ra, dec] = span.centre;
        expect(arcsec({ ra, dec }, node) / 3600).toBeLessThanOrEqual(span.radius);
      }
    }
    expect(spansOf(nodes.slice(0, 1))).toHaveLength(1);
  });
});

describe("time scales", () => {
  test.each([
    // astropy 8.0.2: Time(mjd, scale="tdb").utc.mjd and scale "tt", "tai"
    ["tt", 58_678.250_8, 58_678.25 + (0.0008 * 86_400 - 69.184) / 86_400],
    ["tai", 50_000, 50_000 - 29 / 86_400],
  ] as const)("%s is UTC plus leap seconds (IERS Bulletin C)", (scale, mjd, utc) => {
    expect(Math.abs(utcOf(mjd, scale)! - utc) * 86_400_000).toBeLessThan(0.01);
  });

  test("dynamical times before 1972 are refused: UTC had no whole leap seconds", () => {
    expect(utcOf(41_000, "tt")).toBeUndefined();
    expect(utcOf(41_000, "utc")).toBe(41_000);
  });
});

describe("background of a cutout", () => {
  test("the background of a cutout is the median and 1.4826 MAD by definition, with missing values", () => {
    const values = Float64Array.from([5, 1, Number.NaN, 3, 2, 4, 100]);
    // 1 2 3 4 5 100: median 3.5; deviations 0.5 0.5 1.5 1.5 2.5 96.5: median 1.5
    const { sky, sigma, validFraction } = skyLevel(values);
    expect(sky).toBe(3.5);
    expect(sigma).toBeCloseTo(1.5 * 1.482602218505602, 12);
    expect(validFraction).toBeCloseTo(6 / 7, 12);
    // integers are counted: the same numbers, of odd and even counts, negative and beyond 16 bits
    for (const count of [1, 2, 5, 1000, 1001]) {
      const whole = Int32Array.from(
        { length: count },
        (_, i) => ((i * 7919) % 311) - 150 + (i === 3 ? 60_000 : 0),
      );
      expect(skyLevel(whole)).toEqual(skyLevel(Float64Array.from(whole)));
    }
    const wide = Int32Array.of(-2_000_000_000, 5, 6, 2_000_000_000);
    expect(skyLevel(wide)).toEqual(skyLevel(Float64Array.from(wide)));
    expect(skyLevel([Number.NaN])).toEqual({ sky: null, sigma: null, validFraction: 0 });
  });

  test("the median of any numbers is the middle of the sorted ones", () => {
    let state = 1;
    for (let n = 1; n < 200; n++) {
      const values = Float64Array.from({ length: n }, () => {
        state = (state * 48_271) % 2_147_483_647;
        return state % 17;
      });
      const sorted = Float64Array.from(values).sort();
      const expected = n % 2 === 1 ? sorted[n >> 1]! : (sorted[n / 2 - 1]! + sorted[n / 2]!) / 2;
      expect(median(values, n)).toBe(expected);
    }
  });
});
