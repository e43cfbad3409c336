import { icrsToPixel, pixelToIcrs, type Wcs, wcsFromHeader } from "@sbnsis/wcs";
import { describe, expect, test } from "vitest";
import { headerOf } from "../../packages/wcs/test/header-of.ts";
import {
  DifferenceCache,
  differenceOf,
  frameSubtrahend,
  type ShownImage,
  stackSubtrahend,
} from "../../page/compare/frames/difference.ts";
import { imageStatistics } from "../../page/drawing/pixels/image-statistics.ts";
import { type SkyPlace, toTangentPlane } from "../../page/drawing/sky/tangent-plane.ts";

const MIDDLE = { ra: 120, dec: 40 };
const SIDE = 61;

/**
 * A TAN frame around the middle: the size of its pixels in arcseconds, and its rotation in degrees.
 */
function frameWcs(arcsec: number, turn: number, parity = 1): Wcs {
  const [scale, angle] = [arcsec / 3600, (turn * Math.PI) / 180];
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return wcsFromHeader(
    headerOf({
      ...{ CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CRVAL1: MIDDLE.ra, CRVAL2: MIDDLE.dec },
      ...{ CRPIX1: 31.3, CRPIX2: 30.6, CD1_1: -parity * cos, CD1_2: sin, CD2_1: parity * sin, CD2_2: cos },
    }),
  );
}

/** A frame of a brightness in counts per square arcsecond, on a sky, for pixels of one size. */
function frameOf(wcs: Wcs, arcsec: number, sky: number, brightness: (place: SkyPlace) => number) {
  const stored = new Float64Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++)
      stored[y * SIDE + x] = sky + brightness(pixelToIcrs(wcs, x, y)!) * arcsec ** 2;
  const image = { width: SIDE, height: SIDE, stored, zero: 0, scale: 1, blank: undefined, isExact: true };
  // the statistics of a field of stars: its sky is known
  return { wcs, image, statistics: { ...imageStatistics(image), sky } };
}

/** A slope: 0.5 to the east and 0.25 to the north, in counts per square arcsecond and arcsecond. */
const slope = (place: SkyPlace) => {
  const { xi, eta } = toTangentPlane(MIDDLE, place)!;
  return 0.5 * xi + 0.25 * eta;
};

function worstOf({ image }: ShownImage): { readonly worst: number; readonly count: number } {
  const values = [...image.stored].filter(Number.isFinite);
  return { worst: Math.max(...values.map(Math.abs)), count: values.length };
}

describe("a frame minus another image on the sky", () => {
  test.each([
    ["of other pixels", 1.4, 0, 1],
    ["turned", 1, 33, 1],
    ["mirrored and turned", 1.2, 120, -1],
  ])(
    "the difference from a frame %s is 0 where both show the same slope on different skies (by the formula)",
    (_name, arcsec, turn, parity) => {
      const frame = frameOf(frameWcs(1, 0), 1, 700, slope);
      const other = frameOf(frameWcs(arcsec, turn, parity), arcsec, 90, slope);
      const found = worstOf(differenceOf(frame, frameSubtrahend(other)));
      // half a pixel, or a wrong turn, would be 0.25 and more
      expect(found.worst).toBeLessThan(2e-3);
      expect(found.count).toBeGreaterThan(2500);
    },
  );

  test("a stack to subtract is centered on its middle pixel, north up, without sky; an object in only one frame remains (by the formula)", () => {
    const scale = 1.1 / 3600;
    const values = new Float64Array(41 * 41);
    for (let y = 0; y < 41; y++)
      for (let x = 0; x < 41; x++) values[y * 41 + x] = (-0.5 * (x - 20) + 0.25 * (y - 20)) * 1.1 ** 3;
    const below = stackSubtrahend({ side: 41, values }, { ...MIDDLE, scale });
    const frame = frameOf(frameWcs(1, 10), 1, 700, slope);
    const at = icrsToPixel(frame.wcs, MIDDLE.ra, MIDDLE.dec)!;
    const [x, y] = [Math.round(at.x) + 3, Math.round(at.y)];
    frame.image.stored[y * SIDE + x]! += 50;
    const { image } = differenceOf(frame, below);
    expect(image.stored[y * SIDE + x]).toBeCloseTo(50, 2);
    image.stored[y * SIDE + x] = 0;
    expect(worstOf({ image, statistics: frame.statistics }).worst).toBeLessThan(2e-3);
    // the stack is smaller than the frame: beyond it there is no value
    expect(image.stored[0]).toBeNaN();
    expect(image.isExact).toBe(false);
  });

  test("a difference is computed once for each image below (by counting)", () => {
    const cache = new DifferenceCache();
    const [frame, below, other] = [{}, {}, {}];
    let count = 0;
    const make = () => {
      count++;
      return frameOf(frameWcs(1, 0), 1, 0, () => count);
    };
    expect(cache.get(frame, below, make)).toBe(cache.get(frame, below, make));
    expect(count).toBe(1);
    cache.get(frame, other, make);
    expect(count).toBe(2);
  });
});
