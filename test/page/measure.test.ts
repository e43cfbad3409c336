import { describe, expect, test } from "vitest";
import { adesRecord } from "../../page/measure/ades-record.ts";
import { measureCircle, median } from "../../page/measure/circle.ts";
import { distance } from "../../page/measure/distance.ts";
import { histogram } from "../../page/measure/histogram.ts";
import {
  findings,
  findingsCsv,
  histogramCsv,
  measurementsOf,
  measurementsText,
} from "../../page/measure/measurement.ts";
import { bilinear, profile } from "../../page/measure/profile.ts";
import { readList } from "../../src/moving-objects/read-list.ts";
import { seeded } from "../support/inputs/sky-frames.ts";

/** A Gaussian of flux 1000 and sigma 1.5 at (20.3, 17.8) on a sky of 100. */
const star = (x: number, y: number) =>
  100 + (1000 * Math.exp(-((x - 20.3) ** 2 + (y - 17.8) ** 2) / 4.5)) / (4.5 * Math.PI);

describe("measurements on pixels", () => {
  test("a circle around a Gaussian on a flat sky gives its flux, its centre and the sky, by the formula", () => {
    const found = measureCircle(star, { x: 21, y: 17, radius: 8, inner: 16, outer: 24 });
    expect(found.sky).toBeCloseTo(100, 9);
    expect(found.flux).toBeCloseTo(1000, 1);
    expect(found.centroid!.x).toBeCloseTo(20.3, 3);
    expect(found.centroid!.y).toBeCloseTo(17.8, 3);
    expect(found.missing).toBe(0);
    expect(found.pixels).toBe(197); // lattice points within 8 of an integer center
  });

  test("pixels without a value in a circle are counted, not taken as 0", () => {
    const holed = (x: number, y: number) => (x === 3 && y === 3 ? Number.NaN : 7);
    const found = measureCircle(holed, { x: 3, y: 3, radius: 1, inner: 2, outer: 3 });
    expect(found).toMatchObject({
      pixels: 4,
      missing: 1,
      sum: 28,
      mean: 7,
      median: 7,
      minimum: 7,
      maximum: 7,
    });
    expect(found.centroid).toBeUndefined();
  });

  test("without sky pixels a circle has no flux above the sky, and no centroid (photutils: NaN background)", () => {
    const frame = (x: number, y: number) =>
      x < 0 || y < 0 || x > 9 || y > 9 ? Number.NaN : star(x + 16, y + 13);
    const found = measureCircle(frame, { x: 4.5, y: 4.5, radius: 8, inner: 16, outer: 24 });
    expect([found.pixels, found.skyPixels, found.centroid]).toEqual([100, 0, undefined]);
    expect([found.sky, found.flux, found.fluxError]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(found.sum).toBeGreaterThan(10_000);
  });

  test("the error of a flux is the scatter of 1000 simulated fluxes with normal noise (by drawing them)", () => {
    const random = seeded(5);
    const noise = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    // few pixels of sky: with the variance of a mean instead of a median it would be 16 % smaller
    const drawn = Array.from({ length: 1000 }, () =>
      measureCircle(noise, { x: 20, y: 20, radius: 5, inner: 6, outer: 6.5 }),
    );
    const scatter = Math.sqrt(drawn.reduce((sum, { flux }) => sum + flux ** 2, 0) / drawn.length);
    const { fluxError, skySigma } = drawn[0]!;
    expect(scatter / (fluxError / skySigma)).toBeGreaterThan(0.94);
    expect(scatter / (fluxError / skySigma)).toBeLessThan(1.06);
  });

  test("a circle or a line that is too large is reported, not made smaller (by hand)", () => {
    const frame = {
      pixelAt: ({ ra, dec }: { ra: number; dec: number }) => ({ x: ra * 3600, y: dec * 3600 }),
      skyAt: (x: number, y: number) => ({ ra: x / 3600, dec: y / 3600 }),
      valueAt: star,
      unit: "",
    };
    const to = (pixels: number) => ({ from: { ra: 0, dec: 0 }, to: { ra: 0, dec: pixels / 3600 } });
    const circle = findings({ kind: "circle", ...to(1000) }, frame)!;
    expect(circle.circle).toBeUndefined();
    expect(circle.list.at(-1)).toEqual(["radius", "16.67′: 1000 px are not measured, at most 256 px"]);
    const line = findings({ kind: "line", ...to(5000) }, frame)!;
    expect([line.profile, line.list.at(-1)?.[1]]).toEqual([
      undefined,
      "5000 px are not measured, at most 4096 px",
    ]);
  });

  test("the median of an even number of values is the mean of the middle ones, as in numpy", () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([5, 1, 3])).toBe(3);
    expect(median([])).toBeNaN();
  });

  test("a histogram has numpy's edges: the last bin includes its end", () => {
    // numpy.histogram([0, 1, 2, 3, 4, 4], bins=4, range=(0, 4)) -> [1, 1, 1, 3]
    const found = histogram([0, 1, 2, 3, 4, 4, 5, -1, Number.NaN], 0, 4, 4);
    expect(found).toEqual({ from: 0, to: 4, counts: [1, 1, 1, 3], below: 1, above: 1 });
  });

  test("the profile of a sloping plane follows it, with a gap only where a missing pixel has weight", () => {
    const plane = (x: number, y: number) => 3 * x - 2 * y;
    for (const point of profile(plane, [0.5, 0.25], [9.25, 6])) {
      expect(point.value).toBeCloseTo(plane(point.x, point.y), 9);
    }
    const holed = (x: number, y: number) => (x === 1 ? Number.NaN : y);
    expect(bilinear(holed, 0, 5)).toBe(5);
    expect(bilinear(holed, 0.5, 5)).toBeNaN();
  });

  test("distance and position angle on the sky are those of astropy", () => {
    // SkyCoord(359.9, 60).separation/position_angle(SkyCoord(0.1, 60.05))
    const found = distance({ ra: 359.9, dec: 60 }, { ra: 0.1, dec: 60.05 });
    expect(found.arcsec).toBeCloseTo(402.248652, 5);
    expect(found.pa).toBeCloseTo(63.331015, 5);
  });

  test("measurements written to an address are read back; a damaged one is named", () => {
    const list = measurementsOf("circle:174.62,17.97,174.621,17.97|mark:0.5,-3");
    expect(list).toHaveLength(2);
    expect(measurementsText(list)).toBe("circle:174.62,17.97,174.621,17.97|mark:0.5,-3");
    expect(() => measurementsOf("circle:1,2,3")).toThrow(/circle:1,2,3/);
    expect(() => measurementsOf("square:1,2")).toThrow(/square:1,2/);
    // what Number() reads as 0, a declination beyond the pole, a circle without a radius
    for (const text of ["mark:5,", "mark:,5", "mark:5", "mark: ,1", "mark:1,200", "mark:1,Infinity"])
      expect(() => measurementsOf(text)).toThrow(text);
    for (const text of ["circle:1,2", "line:1,2,3,", "mark:1,2,3,4", "distance:1,2,3,91"])
      expect(() => measurementsOf(text)).toThrow(text);
  });

  test("the results of a measurement give the offset from the prediction, and CSV with quoted commas", () => {
    const frame = {
      pixelAt: ({ ra, dec }: { ra: number; dec: number }) => ({ x: -ra * 3600, y: dec * 3600 }),
      skyAt: (x: number, y: number) => ({ ra: -x / 3600, dec: y / 3600 }),
      valueAt: star,
      object: { ra: -20.3 / 3600, dec: 16.8 / 3600 },
      unit: "adu",
    };
    const found = findings(
      { kind: "circle", from: { ra: -20 / 3600, dec: 18 / 3600 }, to: { ra: -20 / 3600, dec: 26 / 3600 } },
      frame,
    )!;
    expect(Object.fromEntries(found.list)["from the prediction"]).toMatch(/^1\.00″ at (0\.0|360\.0)°$/);
    expect(findingsCsv(found)).toContain('"RA, Dec","-0.005556, 0.005000"');
    // every pixel of the circle is in one bin; without a time there is no record of the position
    const bins = found.histogram!;
    expect(bins.counts.reduce((sum, count) => sum + count, 0)).toBe(found.circle!.pixels);
    expect([bins.from, bins.to]).toEqual([found.circle!.minimum, found.circle!.maximum]);
    expect(histogramCsv(bins).trimEnd().split("\n")).toHaveLength(65);
    expect(found.ades).toBeUndefined();
  });

  test("the ADES record of a measured position is read by the service, at the middle of the exposure (oracle: its own reader)", () => {
    const text = adesRecord(
      { ra: 174.6224412, dec: -17.97594 },
      { mid: 58_678.177_419, target: "65P/Gunn" },
    )!;
    const list = readList(Buffer.from(text), "text/plain", { maximumRows: 5, uncTheta: "theta" });
    expect(list.form).toBe("ades-psv");
    expect(list.rows).toMatchObject([{ ra: 174.622441, dec: -17.97594, label: "65PGunn", code: null }]);
    expect(list.rows[0]!.mjd).toBeCloseTo(58_678.177_419, 8);
    expect(adesRecord({ ra: 1, dec: 2 }, { mid: Number.NaN })).toBeUndefined();
  });
});
