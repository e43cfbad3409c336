import { headerFromCards, valueCard } from "@sbnsis/fits";
import { expect, test } from "vitest";
import { fwhm, zeroPoint } from "../../src/products/photometry.ts";

const header = (...cards: Parameters<typeof valueCard>[]) =>
  headerFromCards(cards.map((card) => valueCard(...card)));

test.each([
  ["pixels, as ATLAS writes it", header(["FWHM", 1.9161, "[pix] PSF FWHM"]), 1.9161 * 1.86, "header:FWHM"],
  ["arcseconds", header(["SEEING", 2.04, "[arcsec] of stars"]), 2.04, "header:SEEING"],
  ["a card without a unit, which says nothing", header(["FWHM", 5, "of stars"]), null, null],
  [
    "an unknown width of 0 before a known one",
    header(["FWHM", 0, "[pix]"], ["SEEING", 3, "[arcsec]"]),
    3,
    "header:SEEING",
  ],
])(
  "the width of a point source in %s (FITS 4.0, 4.3.2: the unit begins the comment)",
  (_, cards, value, from) => {
    expect(fwhm(cards, 1.86)).toEqual({ fwhm: value, fwhm_from: from });
  },
);

test("the zero point is that of the first keyword that surveys write it in", () => {
  expect(zeroPoint(header(["PHOTZP", 25.5], ["MAGZPT", 22.1]))).toEqual({
    zp: 22.1,
    zp_from: "header:MAGZPT",
  });
  expect(zeroPoint(header(["MAGZPT", "unknown"]))).toEqual({ zp: null, zp_from: null });
});
