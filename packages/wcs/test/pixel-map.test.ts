import { describe, expect, test } from "vitest";
import { icrsToPixel, mapRow, pixelMap, pixelToIcrs, type Wcs, wcsFromHeader } from "../src/index.ts";
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

function worst(from: Wcs, to: Wcs, x0: number, y: number, n: number): number {
  const x = new Float64Array(n);
  const yy = new Float64Array(n);
  mapRow(pixelMap(from, to), x0, y, n, x, yy);
  let most = 0;
  for (let i = 0; i < n; i++) {
    const sky = pixelToIcrs(from, x0 + i, y);
    const place = sky && icrsToPixel(to, sky.ra, sky.dec);
    if (place === undefined) expect(x[i]).toBeNaN();
    else most = Math.max(most, Math.hypot(x[i]! - place.x, yy[i]! - place.y));
  }
  return most;
}

describe("pixel maps of rows against pixel to sky to pixel", () => {
  test.each([0, 399.5, 900])("a pixel map from TAN to TAN is one exact matrix (row %d)", (y) => {
    const to = wcsFromHeader(headerOf(linear));
    expect(pixelMap(target, to).kind).toBe("projective");
    expect(worst(target, to, -20, y, 1100)).toBeLessThan(1e-8);
  });

  test.each([
    ["SIP", sip],
    ["TPV", tpv],
  ])("a pixel map from TAN to %s interpolates displacements", (_name, header) => {
    const to = wcsFromHeader(headerOf(header));
    expect(pixelMap(target, to).kind).toBe("distorted");
    for (const y of [0, 333, 801]) {
      expect(worst(target, to, 0, y, 1000)).toBeLessThan(2e-6);
      expect(worst(target, to, 7, y, 50)).toBeLessThan(1e-8);
    }
  });

  test("pixel maps between other pairs go through the sky", () => {
    const to = wcsFromHeader(headerOf({ ...linear, CTYPE1: "RA---STG", CTYPE2: "DEC--STG" }));
    expect(pixelMap(target, to).kind).toBe("general");
    expect(worst(target, to, 0, 10, 300)).toBeLessThan(1e-8);
    expect(worst(wcsFromHeader(headerOf(sip)), target, 0, 10, 300)).toBeLessThan(1e-8);
  });

  test("a pixel map gives NaN for positions outside the other image's map", () => {
    const away = wcsFromHeader(headerOf({ ...linear, CRVAL1: 180, CRVAL2: -60 }));
    expect(worst(target, away, 0, 0, 20)).toBe(0);
  });

  test("a pixel map is plain data", () => {
    const map = structuredClone(pixelMap(target, wcsFromHeader(headerOf(sip))));
    const [x, y] = [new Float64Array(3), new Float64Array(3)];
    mapRow(map, 0, 0, 3, x, y);
    expect(x.every(Number.isFinite) && y.every(Number.isFinite)).toBe(true);
  });
});
