import fc from "fast-check";
import { expect, test } from "vitest";
import { cutoutBox, roundHalfEven } from "../src/frame/cutout-box.ts";

test.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [2.4999999999999996, 2],
  [3.5, 4],
  [160.50000000000003, 161],
])("roundHalfEven(%d) is %d, as Python rounds", (value, rounded) => {
  expect(roundHalfEven(value)).toBe(rounded);
});

const arcsec = 1 / 3600;

test("a cutout of 161 pixels begins at ceil(p - n/2), as astropy's Cutout2D", () => {
  const { requested, box } = cutoutBox(
    { x: 5000.2, y: 400 },
    300 * arcsec,
    [1.86 * arcsec, 1.86 * arcsec],
    [10560, 10560],
  );
  expect(requested).toEqual([161, 161]);
  expect(box).toEqual({ start: [4920, 320], shape: [161, 161] });
});

test("a cutout of an even number of pixels around a pixel's centre begins half its width before it", () => {
  const { box } = cutoutBox({ x: 10, y: 10.5 }, 4 * arcsec, [arcsec, arcsec], [100, 100]);
  expect(box).toEqual({ start: [8, 9], shape: [4, 4] });
});

test("the scales of a cutout may differ along x and y", () => {
  const { requested } = cutoutBox({ x: 50, y: 50 }, 20 * arcsec, [arcsec, 2 * arcsec], [100, 100]);
  expect(requested).toEqual([20, 10]);
});

test("a cutout partly outside the image is trimmed", () => {
  const { requested, box } = cutoutBox({ x: -2, y: 98 }, 10 * arcsec, [arcsec, arcsec], [100, 100]);
  expect(requested).toEqual([10, 10]);
  expect(box).toEqual({ start: [0, 93], shape: [3, 7] });
});

test("a cutout completely outside the image has no box", () => {
  for (const centre of [
    { x: -5, y: 50 },
    { x: 104.1, y: 50 },
    { x: 50, y: -1e9 },
    { x: 50, y: 1e9 },
  ]) {
    expect(cutoutBox(centre, 10 * arcsec, [arcsec, arcsec], [100, 100]).box).toBeUndefined();
  }
});

test("a cutout smaller than half a pixel is the single pixel at its position", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 99, noNaN: true }), (x) => {
      const { box } = cutoutBox({ x, y: x }, 1e-9, [arcsec, arcsec], [100, 100]);
      expect(box?.shape).toEqual([1, 1]);
      expect(Math.abs((box?.start[0] ?? Number.NaN) - x)).toBeLessThanOrEqual(0.5);
    }),
  );
});

test("the box of a cutout is within the image and contains its position if that is in the image", () => {
  const side = fc.integer({ min: 1, max: 20000 });
  fc.assert(
    fc.property(
      side,
      side,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 3000 }),
      (nx, ny, f, n) => {
        const centre = { x: f * (nx - 1), y: (1 - f) * (ny - 1) };
        const { box } = cutoutBox(centre, n * arcsec, [arcsec, arcsec], [nx, ny]);
        if (box === undefined) throw new Error("no box");
        expect(box.start[0]).toBeGreaterThanOrEqual(0);
        expect(box.start[0] + box.shape[0]).toBeLessThanOrEqual(nx);
        expect(centre.x).toBeGreaterThanOrEqual(box.start[0] - 0.5);
        expect(centre.x).toBeLessThanOrEqual(box.start[0] + box.shape[0] - 0.5);
        expect(centre.y).toBeGreaterThanOrEqual(box.start[1] - 0.5);
        expect(centre.y).toBeLessThanOrEqual(box.start[1] + box.shape[1] - 0.5);
      },
    ),
  );
});
