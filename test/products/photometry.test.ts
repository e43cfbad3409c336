import { headerFromCards, valueCard } from "@sbnsis/fits";
import { expect, test } from "vitest";
import { photometryOf } from "../../src/products/photometry.ts";

const header = (...cards: Parameters<typeof valueCard>[]) =>
  headerFromCards(cards.map((card) => valueCard(...card)));

test.each([
  [
    "pixels, as ATLAS writes it",
    header(["FWHM", 1.9161, "[pix] PSF FWHM"]),
    { value: 1.9161, unit: "pixel", keyword: "FWHM" },
  ],
  [
    "arcseconds",
    header(["SEEING", 2.04, "[arcsec] of stars"]),
    { value: 2.04, unit: "arcsec", keyword: "SEEING" },
  ],
  ["a card without a unit, which says nothing", header(["FWHM", 5, "of stars"]), undefined],
  [
    "an unknown width of 0 before a known one",
    header(["FWHM", 0, "[pix]"], ["SEEING", 3, "[arcsec]"]),
    { value: 3, unit: "arcsec", keyword: "SEEING" },
  ],
])("the width of a point source in %s (FITS 4.0, 4.3.2: the unit begins the comment)", (_, cards, width) => {
  expect(photometryOf(cards).width).toEqual(width);
});

test("the zero point is that of the first keyword that surveys write it in", () => {
  expect(photometryOf(header(["PHOTZP", 25.5], ["MAGZPT", 22.1])).zeroPoint).toEqual({
    value: 22.1,
    keyword: "MAGZPT",
  });
  expect(photometryOf(header(["MAGZPT", "unknown"])).zeroPoint).toBeUndefined();
});
