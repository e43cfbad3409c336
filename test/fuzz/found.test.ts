import { describe, expect, it } from "vitest";
import { wcsFromHeader } from "../../packages/wcs/src/header/wcs-from-header.ts";
import { pixelToIcrs } from "../../packages/wcs/src/transform/sky.ts";
import { headerOf } from "../../packages/wcs/test/header-of.ts";

const plain = {
  CTYPE1: "RA---TAN",
  CTYPE2: "DEC--TAN",
  CRPIX1: 1,
  CRPIX2: 1,
  CDELT1: -0.001,
  CDELT2: 0.001,
  CRVAL1: 10,
  CRVAL2: 20,
};

describe("what the fuzzer found: damaged headers give no positions of NaN", () => {
  it("CRVAL2 = 1E308 radians is WCS_INVALID, not a position of NaN", () => {
    const cards = { CRVAL2: 1e308, CUNIT1: "rad", CUNIT2: "rad" };
    expect(() => wcsFromHeader(headerOf({ ...plain, ...cards }))).toThrow(
      expect.objectContaining({ code: "WCS_INVALID" }),
    );
  });

  it.each([
    ["EQUINOX = -1E308", { EQUINOX: -1e308 }],
    ["EPOCH = 1E308", { EPOCH: 1e308 }],
  ])("the equinox %s is not a year: it counts as absent, with a warning", (_, cards) => {
    const wcs = wcsFromHeader(headerOf({ ...plain, ...cards }));
    expect(wcs.warnings).toContainEqual(expect.objectContaining({ code: "EQUINOX_IGNORED" }));
    const position = pixelToIcrs(wcs, 0, 0);
    expect(position?.ra).toBeCloseTo(10, 9);
    expect(position?.dec).toBeCloseTo(20, 9);
  });
});
