import { expect, it } from "vitest";
import { wcsFromHeader } from "../src/header/wcs-from-header.ts";
import { pixelToWorld } from "../src/transform/sky.ts";
import { headerOf } from "./header-of.ts";

const PLANE = {
  CTYPE1: "RA---TAN",
  CTYPE2: "DEC--TAN",
  CTYPE3: "VELO",
  CRVAL1: 150,
  CRVAL2: 30,
  CRPIX1: 32.5,
  CRPIX2: 24.5,
};
const PC = { ...PLANE, CDELT1: -1 / 3600, CDELT2: 1 / 3600 };
const CD = { ...PLANE, CD1_1: -1 / 3600, CD2_2: 1 / 3600 };

it.each([
  ["PC1_3", { ...PC, PC1_3: 0.5 }],
  ["PC2_3", { ...PC, PC2_3: 0.5, CRPIX3: 2 }],
  ["CD2_4", { ...CD, CD2_4: 1e-4 }],
])(
  "a plane of a cube whose axes %s mixes with the celestial ones is refused (astropy: not separable)",
  (keyword, cards) => {
    expect(() => wcsFromHeader(headerOf(cards))).toThrow(
      expect.objectContaining({ code: "WCS_UNSUPPORTED", message: expect.stringContaining(keyword) }),
    );
  },
);

it.each([
  ["elements of 0", { ...PC, PC1_3: 0, PC3_3: 1, CD1_3: 5 }],
  ["elements of rows of other axes", { ...CD, CD3_1: 1, CD3_3: 1 }],
  ["the reference pixel at the plane", { ...PC, PC1_3: 0.5, CRPIX3: 1 }],
])("positions in a plane of a cube do not depend on %s (astropy 8, celestial axes)", (_, cards) => {
  const { lon, lat } = pixelToWorld(wcsFromHeader(headerOf(cards)), 0, 0)!;
  expect(lon).toBeCloseTo(150.0101029651, 9);
  expect(lat).toBeCloseTo(29.9934718366, 9);
});
