import { describe, expect, it } from "vitest";
import { wcsFromHeader } from "../../packages/wcs/src/header/wcs-from-header.ts";
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

describe("what the fuzzer found: headers that led to positions of NaN are WCS_INVALID", () => {
  it.each([
    ["EQUINOX = -1E308", { EQUINOX: -1e308 }],
    ["EPOCH = 1E308", { EPOCH: 1e308 }],
    ["CRVAL2 = 1E308 radians", { CRVAL2: 1e308, CUNIT1: "rad", CUNIT2: "rad" }],
  ])("a damaged header found by the fuzzer is WCS_INVALID, not a position of NaN: %s", (_, cards) => {
    expect(() => wcsFromHeader(headerOf({ ...plain, ...cards }))).toThrow(
      expect.objectContaining({ code: "WCS_INVALID" }),
    );
  });
});
