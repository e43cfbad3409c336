import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { wcsFromHeader } from "../../src/header/wcs-from-header.ts";
import { pixelToIcrs } from "../../src/transform/sky.ts";
import { headerOf } from "../header-of.ts";

interface Entry {
  readonly radesys: string;
  readonly ra: number;
  readonly dec: number;
  readonly standard: boolean;
}

const entries: readonly Entry[] = JSON.parse(
  readFileSync(new URL("../../../../test/fixtures/wcs/reference_systems.json", import.meta.url), "utf8"),
);

const CARDS = {
  NAXIS1: 64,
  NAXIS2: 48,
  CTYPE1: "RA---TAN",
  CTYPE2: "DEC--TAN",
  CRVAL1: 150,
  CRVAL2: 30,
  CRPIX1: 32,
  CRPIX2: 24,
  CDELT1: -1 / 3600,
  CDELT2: 1 / 3600,
};

test.each(entries)("RADESYS '$radesys' gives the ICRS position of astropy's frame of that name", (entry) => {
  const wcs = wcsFromHeader(headerOf({ ...CARDS, RADESYS: entry.radesys }));
  const { ra, dec } = pixelToIcrs(wcs, 31, 23)!;
  expect(Math.abs(ra - entry.ra)).toBeLessThan(1e-9);
  expect(Math.abs(dec - entry.dec)).toBeLessThan(1e-9);
  expect(wcs.warnings.map(({ code }) => code)).toEqual(entry.standard ? [] : ["RADESYS_TRANSLATED"]);
});

test("the old RADECSYS is accepted in the same spellings", () => {
  const { frame } = wcsFromHeader(headerOf({ ...CARDS, RADECSYS: "FK5/J2000" }));
  expect(frame).toMatchObject({ system: "FK5", equinox: 2000 });
});

test("an EQUINOX that contradicts the year in RADESYS is ignored, with a warning", () => {
  const wcs = wcsFromHeader(headerOf({ ...CARDS, RADESYS: "B1950", EQUINOX: 2000 }));
  expect(wcs.frame).toMatchObject({ system: "FK4", equinox: 1950 });
  expect(wcs.warnings.map(({ code }) => code)).toEqual(["RADESYS_TRANSLATED", "EQUINOX_IGNORED"]);
});

test("EQUINOX gives the year when RADESYS names only the system", () => {
  const { frame } = wcsFromHeader(headerOf({ ...CARDS, RADESYS: "fk5", EQUINOX: 1991.25 }));
  expect(frame).toMatchObject({ system: "FK5", equinox: 1991.25 });
});

test.each(["GAPPT", "gappt", "GCRS", "HCRS", "MARS", "FK6", "FK5/B1950", "ICRS B1950", "FK4 J2000", "???"])(
  "RADESYS '%s' has no known relation to ICRS and no ICRS position",
  (radesys) => {
    const wcs = wcsFromHeader(headerOf({ ...CARDS, RADESYS: radesys }));
    expect(wcs.frame).toMatchObject({ system: "OTHER", writtenAs: `RADESYS = '${radesys}'` });
    expect(pixelToIcrs(wcs, 31, 23)).toBeUndefined();
  },
);

test.each([
  ["HPLN-TAN", "HPLT-TAN", "OTHER", "HPLN, HPLT"],
  ["TLON-TAN", "TLAT-TAN", "OTHER", "TLON, TLAT"],
  ["HLON-CAR", "HLAT-CAR", "OTHER", "HLON, HLAT"],
  ["MELN-CAR", "MELT-CAR", "OTHER", "MELN, MELT"],
  ["GLON-TAN", "GLAT-TAN", "GALACTIC", undefined],
  ["ELON-TAN", "ELAT-TAN", "ECLIPTIC", undefined],
  ["SLON-TAN", "SLAT-TAN", "SUPERGALACTIC", undefined],
])("axes %s and %s belong to the system %s (FITS WCS paper II, 2.1)", (lon, lat, system, writtenAs) => {
  const { frame } = wcsFromHeader(headerOf({ ...CARDS, CTYPE1: lon, CTYPE2: lat }));
  expect([frame.system, frame.writtenAs]).toEqual([system, writtenAs]);
});

test("CD is ignored in favour of PC with a warning, as in wcslib", () => {
  const wcs = wcsFromHeader(headerOf({ ...CARDS, PC1_1: 1, PC2_2: 1, CD1_1: 1, CD2_2: 1 }));
  expect(wcs.linear.cd).toEqual([-1 / 3600, -0, 0, 1 / 3600]);
  expect(wcs.warnings.map(({ code }) => code)).toEqual(["CD_IGNORED"]);
});
