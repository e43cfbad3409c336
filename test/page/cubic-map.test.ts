import { readFileSync } from "node:fs";
import { icrsToPixel, pixelToIcrs, type Wcs, wcsFromHeader } from "@sbnsis/wcs";
import { describe, expect, test } from "vitest";
import { headerOf } from "../../packages/wcs/test/header-of.ts";
import { cubicMap, ownMap, pixelOf, skyMap } from "../../page/drawing/sky/cubic-map.ts";
import { northUp, skyDirections } from "../../page/drawing/sky/sky-directions.ts";
import { toTangentPlane } from "../../page/drawing/sky/tangent-plane.ts";
import { seeded } from "../support/inputs/sky-frames.ts";

const linear = {
  CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CRPIX1: -880.2, CRPIX2: 1600.7, CRVAL1: 359.9, CRVAL2: 60.05,
  CD1_1: 5.1e-4, CD1_2: 1e-5, CD2_1: -2e-5, CD2_2: 5.2e-4,
}; // biome-ignore format: a header is read by lines
const sip = {
  ...linear, CTYPE1: "RA---TAN-SIP", CTYPE2: "DEC--TAN-SIP", A_ORDER: 3, B_ORDER: 3,
  A_2_0: 4e-6, A_1_1: -3e-6, B_0_2: 3e-6, A_3_0: 3e-10, B_1_2: -4e-10,
}; // biome-ignore format: a header is read by lines
const tpv = {
  ...linear, CTYPE1: "RA---TPV", CTYPE2: "DEC--TPV",
  PV1_1: 1.001, PV1_4: 3e-4, PV1_7: 2e-5, PV2_1: 0.999, PV2_7: -3e-5, PV2_3: 1e-4,
}; // biome-ignore format: a header is read by lines
const mirrored = { ...linear, CD1_1: -5.1e-4, CRVAL2: -88.7 };

/** The largest distance, at random pixels, between the map and exact positions. */
function worst(wcs: Wcs, [width, height]: readonly [number, number], aside = 0): number {
  const centre = pixelToIcrs(wcs, width / 2 + aside, height / 2)!;
  const map = skyMap(wcs, [width, height], centre)!;
  const random = seeded(7);
  let most = 0;
  for (let k = 0; k < 500; k++) {
    const sky = pixelToIcrs(wcs, random() * width - 0.5, random() * height - 0.5)!;
    const plane = toTangentPlane(centre, sky)!;
    const exact = icrsToPixel(wcs, sky.ra, sky.dec)!;
    const found = pixelOf(map, { u: -plane.xi, v: plane.eta })!;
    most = Math.max(most, Math.hypot(found.x - exact.x, found.y - exact.y));
  }
  return most;
}

describe("cubic maps from the sky to the pixels of a cutout, against exact positions", () => {
  test.each([
    ["TAN", linear],
    ["SIP", sip],
    ["TPV", tpv],
    ["TAN, mirrored, near the pole", mirrored],
  ])("the cubic map of %s is within 0.001 pixels over 310 and 1024 pixels", (_name, header) => {
    const wcs = wcsFromHeader(headerOf(header));
    expect(worst(wcs, [310, 310])).toBeLessThan(1e-3);
    expect(worst(wcs, [1024, 1000])).toBeLessThan(1e-3);
    // about a sky position outside the cutout, as when the stars are aligned
    expect(worst(wcs, [310, 200], 900)).toBeLessThan(1e-3);
  });

  test("one cubic patch, 20 numbers, is enough for 310 pixels of ATLAS's scale with TPV", () => {
    const wcs = wcsFromHeader(headerOf(tpv));
    const map = skyMap(wcs, [310, 310], pixelToIcrs(wcs, 155, 155)!)!;
    expect(map.patches).toHaveLength(1);
    expect(map.patches[0]!.x).toHaveLength(10);
    expect(map.error).toBeLessThan(1e-3);
  });

  test("the cubic map of a strong distortion is divided into patches until it is within 0.001 pixels", () => {
    const strong = { ...sip, A_2_0: 2e-4, B_0_2: 1e-4, A_3_0: 3e-7 };
    const wcs = wcsFromHeader(headerOf(strong));
    const map = skyMap(wcs, [310, 310], pixelToIcrs(wcs, 155, 155)!)!;
    expect(map.patches.length).toBeGreaterThan(1);
    expect(worst(wcs, [310, 310])).toBeLessThan(1e-3);
  });

  test("every header of the corpus of coordinate systems has a cubic map within its reported error", () => {
    const corpus: readonly {
      header: Record<string, string | number | readonly string[]>;
      points: readonly (readonly number[])[];
    }[] = JSON.parse(readFileSync(new URL("../fixtures/wcs/corpus.json", import.meta.url), "utf8"));
    let good = 0;
    for (const { header, points } of corpus) {
      const wcs = wcsFromHeader(headerOf(header));
      const [px, py] = points[0] as [number, number];
      const centre = pixelToIcrs(wcs, px - 1, py - 1);
      const exact = centre && icrsToPixel(wcs, centre.ra, centre.dec);
      if (centre === undefined || exact === undefined) continue;
      const plane = { u0: -30, v0: -30, u1: 30, v1: 30 };
      const map = cubicMap((u, v) => {
        // offsets small enough for a plane of equirectangular coordinates
        const dec = centre.dec + v / 3600;
        return icrsToPixel(wcs, centre.ra - u / 3600, dec);
      }, plane);
      const found = pixelOf(map, { u: 0, v: 0 });
      if (found === undefined) continue;
      expect(Math.hypot(found.x - exact.x, found.y - exact.y)).toBeLessThanOrEqual(map.error + 1e-3);
      good++;
    }
    expect(good).toBeGreaterThan(200);
  });

  test("a frame behind the tangent plane has no cubic map; the plane of its own pixels is exact", () => {
    const wcs = wcsFromHeader(headerOf(linear));
    expect(skyMap(wcs, [310, 310], { ra: 179.9, dec: -60 })).toBeUndefined();
    const own = ownMap([100, 80], { x: 30, y: 20 }, 2);
    const corner = pixelOf(own, { u: (99 - 30) * 2, v: (0 - 20) * 2 })!;
    expect(corner.x).toBeCloseTo(99, 4);
    expect(corner.y).toBeCloseTo(0, 4);
  });
});

describe("directions on a frame", () => {
  test.each([1, -1])(
    "within pixels of a pole, north is towards it and east a quarter turn further, parity %i (oracle: the pole's own pixel)",
    (parity) => {
      const wcs = wcsFromHeader(
        headerOf({ ...linear, CRVAL2: 89.999, CRPIX1: 50, CRPIX2: 50, CD1_1: -parity * 5e-4 }),
      );
      const pole = icrsToPixel(wcs, 0, 90)!;
      for (const [dx, dy] of [
        [3, 0],
        [-0.4, 0.2],
        [12, -15],
        [0, 200],
      ] as const) {
        const { north, east, arcsec } = skyDirections(wcs, { u: pole.x + dx, v: pole.y + dy })!;
        const along = (-north.u * dx - north.v * dy) / Math.hypot(north.u, north.v) / Math.hypot(dx, dy);
        expect(along).toBeGreaterThan(0.9985);
        expect(Math.sign(north.u * east.v - north.v * east.u)).toBe(parity);
        expect(arcsec).toBeGreaterThan(1.7);
        expect(arcsec).toBeLessThan(1.9);
        expect(northUp({ north, east, arcsec }).isMirrored).toBe(parity < 0);
      }
    },
  );
});
