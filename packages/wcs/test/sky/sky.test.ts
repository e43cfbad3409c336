import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSisError } from "../../../../src/errors/sis-error.ts";
import { draws } from "../../../../test/support/draws.ts";
import {
  footprint,
  hasCelestialWcs,
  icrsToPixel,
  pixelScales,
  pixelToIcrs,
  pixelToWorld,
  wcsFromHeader,
  worldToPixel,
} from "../../src/index.ts";
import { headerOf } from "../header-of.ts";

const tan = {
  NAXIS: 2,
  CTYPE1: "RA---TAN",
  CTYPE2: "DEC--TAN",
  CRPIX1: 50.5,
  CRPIX2: 60.5,
  CRVAL1: 10,
  CRVAL2: 20,
  CD1_1: -1e-3,
  CD1_2: 0,
  CD2_1: 0,
  CD2_2: 1e-3,
};

function codeOf(values: Parameters<typeof headerOf>[0], alternate = ""): string {
  try {
    wcsFromHeader(headerOf(values), { alternate });
  } catch (error) {
    if (isSisError(error)) return error.code;
    throw error;
  }
  return "none";
}

describe("pixels and sky positions", () => {
  test("pixels count from 0 and CRPIX from 1: the reference pixel is at CRVAL (FITS 4.0, 8.1)", () => {
    const wcs = wcsFromHeader(headerOf(tan));
    const sky = pixelToWorld(wcs, 49.5, 59.5)!;
    expect(sky.lon).toBeCloseTo(10, 12);
    expect(sky.lat).toBeCloseTo(20, 12);
    expect(pixelScales(wcs)).toEqual([1e-3, 1e-3]);
  });

  test("a position 90 degrees or more from the tangent point is not on a gnomonic map", () => {
    const wcs = wcsFromHeader(headerOf(tan));
    expect(icrsToPixel(wcs, 190, -20)).toBeUndefined();
    expect(icrsToPixel(wcs, 100.001, 0)).toBeUndefined();
    expect(icrsToPixel(wcs, 10, 80)).toBeDefined();
    expect(icrsToPixel(wcs, Number.NaN, 0)).toBeUndefined();
  });

  test("pixels across RA 0/360 and over the pole map to the sky and back", () => {
    fc.assert(
      fc.property(
        fc.constantFrom([0, 0], [359.9999, -45], [123, 90], [45, -90], [180, 89.99]),
        fc.double({ min: -500, max: 500, noNaN: true }),
        fc.double({ min: -500, max: 500, noNaN: true }),
        ([lon, lat], x, y) => {
          const wcs = wcsFromHeader(headerOf({ ...tan, CRVAL1: lon!, CRVAL2: lat! }));
          const sky = pixelToIcrs(wcs, x, y)!;
          expect(sky.ra).toBeGreaterThanOrEqual(0);
          expect(sky.ra).toBeLessThan(360);
          const back = icrsToPixel(wcs, sky.ra, sky.dec)!;
          expect(Math.hypot(back.x - x, back.y - y)).toBeLessThan(1e-8);
        },
      ),
    );
  });

  test("a footprint follows the outer edges of the corner pixels", () => {
    const wcs = wcsFromHeader(headerOf({ ...tan, CRVAL2: 0 }));
    const corners = footprint(wcs, [100, 120])!;
    expect(corners).toHaveLength(4);
    expect(corners[0]![0]).toBeCloseTo(10.05, 6);
    expect(corners[0]![1]).toBeCloseTo(-0.06, 6);
    expect(corners[2]![0]).toBeCloseTo(9.95, 6);
    expect(corners[2]![1]).toBeCloseTo(0.06, 6);
  });

  test("a Wcs is plain data: a clone gives the same positions", () => {
    const wcs = wcsFromHeader(
      headerOf({ ...tan, CTYPE1: "RA---TPV", CTYPE2: "DEC--TPV", PV1_7: 0.3, PV2_1: 1.01 }),
    );
    expect(pixelToIcrs(structuredClone(wcs), 3, 4)).toEqual(pixelToIcrs(wcs, 3, 4));
  });
});

describe("WCS distortions", () => {
  const folded = {
    ...tan,
    CTYPE1: "RA---TAN-SIP",
    CTYPE2: "DEC--TAN-SIP",
    A_ORDER: 2,
    B_ORDER: 2,
    A_2_0: 5e-3,
  };

  test("a folding SIP polynomial has no pixels beyond the fold, and only those before it for positions reached twice", () => {
    const wcs = wcsFromHeader(headerOf(folded));
    const behind = pixelToWorld(wcs, 49.5 - 150, 59.5)!;
    const pixel = worldToPixel(wcs, behind.lon, behind.lat)!;
    expect(pixel.x - 49.5).toBeCloseTo(-50, 6);
    const plain = wcsFromHeader(headerOf(tan));
    const beyond = pixelToWorld(plain, 49.5 - 51, 59.5)!;
    expect(worldToPixel(wcs, beyond.lon, beyond.lat)).toBeUndefined();
  });

  test("every pixel that worldToPixel returns maps back to the position", () => {
    const coefficient = fc.double({ min: -1e-4, max: 1e-4, noNaN: true });
    fc.assert(
      fc.property(
        coefficient,
        coefficient,
        coefficient,
        fc.integer({ min: -900, max: 900 }),
        (a, b, c, at) => {
          const wcs = wcsFromHeader(headerOf({ ...folded, A_2_0: a, A_1_1: b, B_0_2: c, B_2_0: a - b }));
          const lon = 10 + at * 1e-3;
          const found = worldToPixel(wcs, lon, 20.1);
          if (found === undefined) return;
          const sky = pixelToWorld(wcs, found.x, found.y)!;
          expect(Math.hypot(sky.lon - lon, sky.lat - 20.1)).toBeLessThan(1e-9);
        },
      ),
    );
  });

  test("CTYPE -TPV means PV, and SIP is then ignored (registered convention TPV)", () => {
    const both = { ...folded, CTYPE1: "RA---TPV", CTYPE2: "DEC--TPV", PV1_1: 1.1, PV2_1: 1 };
    const wcs = wcsFromHeader(headerOf(both));
    expect(wcs.distortion).toBe("TPV");
    expect(wcs.warnings.map((warning) => warning.code)).toContain("SIP_IGNORED");
  });

  test("-TAN with SCAMP's polynomials is TPV; with a lone PV2_1 = 0 it is TAN, as in astropy", () => {
    const scamp = wcsFromHeader(headerOf({ ...tan, PV1_5: 1e-3, PV2_1: 1 }));
    expect(scamp.distortion).toBe("TPV");
    expect(scamp.warnings.map((warning) => warning.code)).toEqual(["IMPLICIT_TPV"]);
    expect(wcsFromHeader(headerOf({ ...tan, PV2_1: 0 })).distortion).toBe("none");
  });

  test("a plate solution is used only without CTYPE and when complete", () => {
    const plate = {
      PLTRAH: 1, PLTRAM: 0, PLTRAS: 0, PLTDECSN: "-", PLTDECD: 30, PLTDECM: 0, PLTDECS: 0, XPIXELSZ: 25, YPIXELSZ: 25,
      PPO3: 177000, PPO6: 177000, CNPIX1: 7000, CNPIX2: 7000, AMDX1: 67.2, AMDY1: 67.2, EQUINOX: 2000,
    }; // biome-ignore format: a header is read by lines
    const wcs = wcsFromHeader(headerOf(plate));
    expect(wcs.distortion).toBe("DSS");
    const centre = pixelToWorld(wcs, 177 / 0.025 - 7000 - 0.5, 177 / 0.025 - 7000 - 0.5)!;
    expect(centre.lon).toBeCloseTo(15, 10);
    expect(centre.lat).toBeCloseTo(-30, 10);
    expect(wcsFromHeader(headerOf({ ...plate, ...tan })).distortion).toBe("none");
    expect(hasCelestialWcs(headerOf({ XPIXELSZ: 25, YPIXELSZ: 25, PLTSCALE: 67 }))).toBe(false);
  });

  test("lookup tables are found by name and version, inverted exactly, and ignored with a warning if not available", () => {
    const named = { ...tan, CPDIS1: "LOOKUP", DP1: ["EXTVER: 2", "NAXES: 2"] };
    const data = Float32Array.from([0, 1, 2, 3]);
    const table = { width: 2, height: 2, data, crpix: [1, 1], crval: [1, 1], cdelt: [100, 100] } as const;
    const wcs = wcsFromHeader(headerOf(named), {
      lookupTable: (name, version) => (name === "WCSDVARR" && version === 2 ? table : undefined),
    });
    const plain = wcsFromHeader(headerOf(tan));
    const there = pixelToWorld(wcs, 50, 25)!;
    const moved = worldToPixel(plain, there.lon, there.lat)!;
    expect(moved.x - 50).toBeCloseTo(0.5 + 2 * 0.25, 9);
    const back = worldToPixel(wcs, there.lon, there.lat)!;
    expect(Math.hypot(back.x - 50, back.y - 25)).toBeLessThan(1e-8);
    expect(wcsFromHeader(headerOf(named)).warnings.map(({ code }) => code)).toEqual(["LOOKUP_IGNORED"]);
  });
});

describe("invalid and unsupported WCS headers", () => {
  test("invalid and unsupported WCS headers give the right error codes", () => {
    expect(codeOf({})).toBe("WCS_INVALID");
    expect(codeOf({ ...tan, CD2_2: 0 })).toBe("WCS_INVALID");
    expect(codeOf({ ...tan, CTYPE1: "RA---XYZ", CTYPE2: "DEC--XYZ" })).toBe("WCS_UNSUPPORTED");
    expect(codeOf({ ...tan, CTYPE1: "RA---COE", CTYPE2: "DEC--COE" })).toBe("WCS_INVALID");
    expect(codeOf({ ...tan, CUNIT1: "m" })).toBe("WCS_INVALID");
    expect(codeOf({ ...tan, CTYPE1: "RA---TAN-SIP", CTYPE2: "DEC--TAN-SIP", A_ORDER: 99, B_ORDER: 2 })).toBe(
      "WCS_UNSUPPORTED",
    );
    expect(codeOf(tan, "B")).toBe("WCS_INVALID");
    expect(hasCelestialWcs(headerOf({ ...tan, CTYPE2: "FREQ" }))).toBe(false);
  });

  test("a header of arbitrary numbers gives a WCS or a typed error", () => {
    const value = fc.oneof(
      fc.double(),
      fc.constantFrom("", "RA---TAN", "DEC--ZPN", "FK4", "1D3"),
      fc.integer(),
    );
    const key = fc.constantFrom(
      ...[
        "CRPIX1",
        "CRVAL2",
        "CD1_1",
        "CD2_2",
        "PV2_1",
        "PV1_0",
        "PV2_3",
        "LONPOLE",
        "EQUINOX",
        "RADESYS",
        "A_ORDER",
      ],
      ...[
        "B_ORDER",
        "A_2_0",
        "CUNIT1",
        "CTYPE1",
        "CTYPE2",
        "CDELT1",
        "PC1_2",
        "CROTA2",
        "WCSAXES",
        "LATPOLE",
        "WAT1_001",
      ],
    );
    const code = fc.constantFrom(..."TAN TPV TNX ZPN HPX COD AZP SZP NCP GLS BON CYP QSC".split(" "));
    fc.assert(
      fc.property(fc.dictionary(key, value), code, fc.double({ noNaN: true }), (changes, name, x) => {
        const header = headerOf({ ...tan, CTYPE1: `RA---${name}`, CTYPE2: `DEC--${name}`, ...changes });
        try {
          const wcs = wcsFromHeader(header);
          const sky = pixelToWorld(wcs, x, 3);
          if (sky !== undefined) expect(Number.isNaN(sky.lon + sky.lat)).toBe(false);
          icrsToPixel(wcs, x, 3);
        } catch (error) {
          if (!isSisError(error, "WCS_INVALID", "WCS_UNSUPPORTED")) throw error;
        }
      }),
      { numRuns: draws(2000) },
    );
  });
});
