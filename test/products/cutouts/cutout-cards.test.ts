import { expect, test } from "vitest";
import { latin1, parseCards } from "../../../packages/fits/src/header/card.ts";
import { headerFromCards, headerNumber, parseHeader } from "../../../packages/fits/src/header/header.ts";
import { valueCard } from "../../../packages/fits/src/header/write-card.ts";
import { cutoutHeader, cutoutHeaderTemplate } from "../../../src/products/make/cutout/cutout-header.ts";

type Value = string | number;

const SKY = {
  ...{ BITPIX: 16, NAXIS: 2, NAXIS1: 64, NAXIS2: 48, CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN" },
  ...{ CRVAL1: 150, CRVAL2: 30, CRPIX1: 32, CRPIX2: 24, CDELT1: -1 / 3600, CDELT2: 1 / 3600 },
};

function cutoutOf(cards: Readonly<Record<string, Value>>) {
  const bytes = Object.entries(cards).flatMap(([keyword, value]) => [...valueCard(keyword, value).bytes]);
  const image = headerFromCards(parseCards(Uint8Array.from(bytes)));
  const provenance = {
    ...{
      id: "urn:a",
      place: { ra: 150, dec: 30, size: { text: "10arcsec" } },
      version: "1",
      sourceModifiedMs: 0,
    },
  };
  const made = cutoutHeader(cutoutHeaderTemplate(image), { start: [3, 4], shape: [10, 10] }, provenance);
  return { header: parseHeader(made), text: latin1(made) };
}

/** Any of these in addition to CTYPE makes `astropy.wcs.WCS` 8.0.2 raise an exception or crash. */
const PLATE = [
  ...["XPIXELSZ", "YPIXELSZ", "PLTRAH", "PLTRAM", "PLTRAS", "PLTDECSN", "PLTDECD", "PLTDECM", "PLTDECS"],
  ...["CNPIX1", "CNPIX2", "PPO3", "PPO6", "AMDX1", "AMDX20", "AMDY1", "AMDY20"],
];

test.each(PLATE)(
  "%s in addition to CTYPE, which makes astropy take an image for a plate, is omitted from cutouts and named",
  (keyword) => {
    const { header, text } = cutoutOf({ ...SKY, PLTSCALE: 67, [keyword]: 15 });
    expect(header.index.has(keyword)).toBe(false);
    expect(header.index.has("PLTSCALE")).toBe(true);
    expect(text).toMatch(new RegExp(`COMMENT Left out of the cutout[^]*${keyword}`));
  },
);

test("a complete plate solution, which astropy reads in addition to CTYPE, is kept in cutouts; its CNPIX follow the box", () => {
  const plate = {
    ...{ XPIXELSZ: 25.28, YPIXELSZ: 25.28, PLTRAH: 10, PLTRAM: 0, PLTRAS: 0, PLTDECD: 30, PLTDECM: 0 },
    ...{ PLTDECS: 0, PPO3: 177500, PPO6: 177500, CNPIX1: 7000, CNPIX2: 7000, AMDX1: 67.2, AMDY1: 67.2 },
  };
  const { header, text } = cutoutOf({ ...SKY, ...plate });
  for (const keyword of Object.keys(plate)) expect(header.index.has(keyword)).toBe(true);
  expect([headerNumber(header, "CNPIX1"), headerNumber(header, "CNPIX2")]).toEqual([7003, 7004]);
  expect(text).not.toContain("Left out");
});

test.each([
  [{ AP_ORDER: 2, AP_1_1: 1e-6 }, "AP_ORDER, AP_1_1"],
  [{ BP_ORDER: 2 }, "BP_ORDER"],
  [{ A_ORDER: 1, A_0_1: 1e-6 }, "A_ORDER, A_0_1"],
])(
  "one of two SIP polynomials, %o, on which astropy raises an exception, is omitted from cutouts and named",
  (cards, names) => {
    const { header, text } = cutoutOf({ ...SKY, ...cards });
    for (const keyword of Object.keys(cards)) expect(header.index.has(keyword)).toBe(false);
    expect(text.replaceAll(/ {2,}COMMENT /g, " ")).toContain(names);
  },
);

test("both SIP polynomials are kept in cutouts", () => {
  const { header } = cutoutOf({ ...SKY, A_ORDER: 2, B_ORDER: 2, A_2_0: 1e-7, AP_ORDER: 2, BP_ORDER: 2 });
  for (const keyword of ["A_ORDER", "B_ORDER", "A_2_0", "AP_ORDER", "BP_ORDER"])
    expect(header.index.has(keyword)).toBe(true);
});

test.each([
  ["2002-01-21", 52295],
  ["2002-01-21T12:26:24", 52295.51833333333],
  ["2002-01-21T12:26:24.123456789", 52295.51833476223],
  ["2002-01-21T12:26:24.5678Z", 52295.518339905095],
  ["2002-01-21T12:26:24+0000", 52295.51833333333],
  ["2002-01-21T12:26:24+00:00", 52295.51833333333],
  ["2002-01-21T12:26:24 UTC", 52295.51833333333],
  ["2002-01-21 12:26:24", 52295.51833333333],
  ["2002-01-21T1:2:3", 52295.04309027778],
  ["2002-01-21T23:59:60", 52296],
  ["21/01/96", 50103],
  ["21/01/02", 15770],
  ["31/12/99", 51543],
  ["21/01/1996", 50103],
  ["1996/01/21", 50103],
  ["1858-11-17", 0],
])("DATE-OBS '%s' without MJD-OBS yields the MJD-OBS of astropy's datfix, %d", (date, mjd) => {
  const { header } = cutoutOf({ ...SKY, "DATE-OBS": date });
  expect(Math.abs(headerNumber(header, "MJD-OBS")! - mjd)).toBeLessThan(1e-10);
});

test("MJD-OBS of a cutout is in the time scale of DATE-OBS, whatever TIMESYS says, as in wcslib", () => {
  const { header } = cutoutOf({ ...SKY, "DATE-OBS": "2002-01-21T12:26:24", TIMESYS: "TDB" });
  expect(headerNumber(header, "MJD-OBS")).toBeCloseTo(52295.51833333333, 10);
});

test("MJD-OBS of the source is kept in cutouts", () => {
  const { header } = cutoutOf({ ...SKY, "DATE-OBS": "2002-01-21", "MJD-OBS": 52295.25 });
  expect(headerNumber(header, "MJD-OBS")).toBe(52295.25);
});

test.each([
  "",
  "21/1/96",
  "2002-01-21T12:26",
  "20020121",
  "Jan 21 2002",
  "2002-02-30",
  "2002-01-21T12:61:00",
  "2002-01-21T12:00:00+0100",
])("DATE-OBS '%s' is not a UTC date and yields no MJD-OBS", (date) => {
  const { header } = cutoutOf({ ...SKY, "DATE-OBS": date });
  expect(header.index.has("MJD-OBS")).toBe(false);
});

test("a card whose keyword only resembles a plate's is kept in cutouts", () => {
  const { text } = cutoutOf({ ...SKY, PIXELSZ: 15, AMDX: 1, PPO1: 2 });
  for (const keyword of ["PIXELSZ =", "AMDX    =", "PPO1    ="]) expect(text).toContain(keyword);
});
