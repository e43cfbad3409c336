import { describe, expect, test } from "vitest";
import {
  exactPixelMap,
  icrsToPixel,
  pixelAreas,
  pixelMap,
  pixelToIcrs,
  type Wcs,
  wcsFromHeader,
} from "../src/index.ts";
import { headerOf } from "./header-of.ts";

const target = wcsFromHeader(
  headerOf({
    CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CRPIX1: 500, CRPIX2: 400, CRVAL1: 0.01, CRVAL2: 60,
    CDELT1: -3e-4, CDELT2: 3e-4, CROTA2: 30, RADESYS: "FK5", EQUINOX: 2000,
  }), // biome-ignore format: a header is read by lines
);
const linear = {
  CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CRPIX1: 480.2, CRPIX2: 600.7, CRVAL1: 359.9, CRVAL2: 60.05,
  CD1_1: 2.7e-4, CD1_2: 1e-5, CD2_1: -2e-5, CD2_2: 2.9e-4,
}; // biome-ignore format: a header is read by lines
const sip = {
  ...linear, CTYPE1: "RA---TAN-SIP", CTYPE2: "DEC--TAN-SIP", A_ORDER: 3, B_ORDER: 3,
  A_2_0: 2e-5, A_1_1: -1e-5, B_0_2: 1e-5, A_3_0: 3e-9, B_1_2: -4e-9,
}; // biome-ignore format: a header is read by lines
const tpv = {
  ...linear,
  CTYPE1: "RA---TPV",
  CTYPE2: "DEC--TPV",
  PV1_1: 1.01,
  PV1_4: 3e-3,
  PV2_1: 0.99,
  PV2_7: 0.02,
  PV2_3: 1e-4,
};
const HEIGHT = 901;

/** The largest error of a row of a map of width x HEIGHT pixels, by single conversions. */
function worst(from: Wcs, to: Wcs, width: number, y: number, first = 0, count = width): number {
  const x = new Float64Array(count);
  const yy = new Float64Array(count);
  pixelMap(from, to, [width, HEIGHT]).rows(y, first, 1, count, x, yy);
  let most = 0;
  for (let i = 0; i < count; i++) {
    const sky = pixelToIcrs(from, first + i, y);
    const place = sky && icrsToPixel(to, sky.ra, sky.dec);
    if (place === undefined) expect(x[i]).toBeNaN();
    else most = Math.max(most, Math.hypot(x[i]! - place.x, yy[i]! - place.y));
  }
  return most;
}

describe("pixel maps of rows against pixel to sky to pixel", () => {
  test.each([0, 399.5, 900])("a pixel map from TAN to TAN agrees to 1e-8 pixels (row %d)", (y) => {
    const to = wcsFromHeader(headerOf(linear));
    expect(worst(target, to, 1100, y)).toBeLessThan(1e-8);
    expect(worst(target, to, 1100, y, -20, 60)).toBeLessThan(1e-8);
  });

  test.each([
    ["SIP", sip],
    ["TPV", tpv],
  ])("a pixel map from TAN to %s agrees to 1e-8 pixels", (_name, header) => {
    const to = wcsFromHeader(headerOf(header));
    for (const y of [0, 333, 801]) {
      expect(worst(target, to, 1000, y)).toBeLessThan(1e-8);
      expect(worst(target, to, 1000, y, 7, 50)).toBeLessThan(1e-8);
    }
  });

  test("pixel maps to STG and from SIP agree to 1e-8 pixels", () => {
    const to = wcsFromHeader(headerOf({ ...linear, CTYPE1: "RA---STG", CTYPE2: "DEC--STG" }));
    expect(worst(target, to, 300, 10)).toBeLessThan(1e-8);
    expect(worst(wcsFromHeader(headerOf(sip)), target, 300, 10)).toBeLessThan(1e-8);
  });

  test("a pixel map gives NaN for positions outside the other image's map", () => {
    const away = wcsFromHeader(headerOf({ ...linear, CRVAL1: 180, CRVAL2: -60 }));
    expect(worst(target, away, 20, 0)).toBe(0);
  });

  test("a pixel map counts positions from its origin, and reports an error within its tolerance", () => {
    const to = wcsFromHeader(headerOf(sip));
    const map = pixelMap(target, to, [400, 300], { origin: [100, -7], tolerance: 1e-3 });
    expect(map.error).toBeLessThan(1e-7);
    const [x, y] = [new Float64Array(400), new Float64Array(400)];
    map.rows(41, 0, 1, 400, x, y);
    const sky = pixelToIcrs(target, 333, 41)!;
    const place = icrsToPixel(to, sky.ra, sky.dec)!;
    expect(x[333]).toBeCloseTo(place.x - 100, 7);
    expect(y[333]).toBeCloseTo(place.y + 7, 7);
  });

  test("a pixel map between images of one system without a relation to ICRS goes through that system", () => {
    const planet = {
      CTYPE1: "HPLN-TAN",
      CTYPE2: "HPLT-TAN",
      CRPIX1: 50,
      CRPIX2: 40,
      CDELT1: 6e-4,
      CDELT2: 6e-4,
    };
    const from = wcsFromHeader(headerOf(planet));
    const to = wcsFromHeader(headerOf({ ...planet, CRPIX1: 62.5, CRPIX2: 31 }));
    const [x, y] = [new Float64Array(100), new Float64Array(100)];
    pixelMap(from, to, [100, 80]).rows(17, 0, 1, 100, x, y);
    expect(x[9]).toBeCloseTo(21.5, 8);
    expect(y[9]).toBeCloseTo(8, 8);
  });
});

describe("areas of pixels", () => {
  /** |det| of the Jacobian by differences of a tenth of a pixel, of single conversions. */
  function exactArea(from: Wcs, to: Wcs, x: number, y: number): number {
    const at = (px: number, py: number) => {
      const sky = pixelToIcrs(from, px, py)!;
      return icrsToPixel(to, sky.ra, sky.dec)!;
    };
    const [right, left] = [at(x + 0.05, y), at(x - 0.05, y)];
    const [up, down] = [at(x, y + 0.05), at(x, y - 0.05)];
    return Math.abs((right.x - left.x) * (up.y - down.y) - (right.y - left.y) * (up.x - down.x)) * 100;
  }

  test.each([
    ["TAN", linear],
    ["SIP", sip],
    ["TPV", tpv],
  ])("areas of pixels in a frame with %s agree with differences of exact positions to 1e-5", (_n, header) => {
    const to = wcsFromHeader(headerOf(header));
    const areas = new Float64Array(500);
    const rows = pixelAreas(exactPixelMap(target, to), 500, 400);
    for (const y of [0, 200, 399]) {
      rows(y, 0, 500, areas);
      for (const x of [0, 1, 133, 499]) {
        const exact = exactArea(target, to, x, y);
        expect(Math.abs(areas[x]! / exact - 1)).toBeLessThan(1e-5);
      }
    }
  });

  test("areas of pixels are the ratio of the pixel scales squared for planes about one point", () => {
    const plane = { ...linear, CD1_1: -3e-4, CD1_2: 0, CD2_1: 0, CD2_2: 3e-4 };
    const turned = { ...plane, CRPIX1: 20, CD1_1: 0, CD1_2: 1.5e-4, CD2_1: 1.5e-4, CD2_2: 0 };
    const exact = exactPixelMap(wcsFromHeader(headerOf(plane)), wcsFromHeader(headerOf(turned)));
    const areas = new Float64Array(121);
    pixelAreas(exact, 121, 121)(60, 0, 121, areas);
    for (const area of areas) expect(area).toBeCloseTo(4, 8);
  });
});
