import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isSisError } from "../../../src/errors/sis-error.ts";
import { latin1Bytes } from "../../fits/src/header/card.ts";
import { type Header, parseHeader } from "../../fits/src/header/header.ts";
import {
  hasCelestialWcs,
  icrsToPixel,
  pixelToIcrs,
  pixelToWorld,
  wcsFromHeader,
  worldToPixel,
} from "../src/index.ts";

interface Report {
  readonly name: string;
  readonly oracle: string;
  readonly cards: readonly string[];
  /** x, y from 1, longitude, latitude. */
  readonly points: readonly (readonly [number, number, number, number])[];
}

const reports: readonly Report[] = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/wcs/reports.json", import.meta.url), "utf8"),
);
const RAD = Math.PI / 180;

function headerOf(cards: readonly string[]): Header {
  return parseHeader(latin1Bytes(cards.map((card) => card.padEnd(80)).join("")));
}

function change(name: string, edit: (card: string) => string | readonly string[]): Header {
  const report = reports.find((each) => each.name === name)!;
  return headerOf(report.cards.flatMap(edit));
}

function failureOf(header: Header): string {
  try {
    wcsFromHeader(header);
  } catch (error) {
    if (isSisError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "none";
}

const tan = reports.find(({ name }) => name === "CPDISj = TPD")!.cards.filter((card) => !/^C?DP/.test(card));
const plain = tan.filter((card) => !card.startsWith("CPDIS"));

describe("WCS headers from bug reports", () => {
  test.each(
    reports.map((each) => [`WCS of a reported header: ${each.name} (${each.oracle})`, each] as const),
  )("%s", (_title, { cards, points }) => {
    const wcs = wcsFromHeader(headerOf(cards));
    for (const [x, y, lon, lat] of points) {
      const sky = pixelToWorld(wcs, x - 1, y - 1)!;
      const east = (((sky.lon - lon + 540) % 360) - 180) * Math.cos(lat * RAD);
      expect(Math.hypot(east, sky.lat - lat)).toBeLessThan(1e-9);
      const back = worldToPixel(wcs, lon, lat)!;
      expect(Math.hypot(back.x + 1 - x, back.y + 1 - y)).toBeLessThan(1e-6);
    }
  });
});

describe("WCS headers from bug reports that give an error or a warning", () => {
  const short = "TNX of kind 3, cross terms 2, in short pieces";

  test("an error of TNX coefficients (extra, missing, cut, unquoted) names the card (IRAF's TNX convention)", () => {
    const longer = change(short, (card) => card.replace(/"'$/, "0.5 \"'"));
    expect(failureOf(longer)).toMatch(
      /^WCS_INVALID: The correction lngcor of WAT1_nnn has 7 coefficients; .* need 6/,
    );
    const shorter = change(short, (card) => card.replace(/ -7\.5'$/, " '").replace(/\d{9,}e-05 "'$/, "\"'"));
    expect(failureOf(shorter)).toMatch(
      /^WCS_INVALID: The correction lngcor of WAT1_nnn has 5 coefficients; .* need 6/,
    );
    const gap = change(short, (card) => (card.startsWith("WAT2_002") ? [] : card));
    expect(failureOf(gap)).toMatch(/^WCS_INVALID: WAT2_002 is missing/);
    const open = change(short, (card) => (card.startsWith("WAT2_") ? card.replace(/"'$/, "'") : card));
    expect(failureOf(open)).toBe("WCS_INVALID: The correction latcor of WATi_nnn cannot be read.");
  });

  test.each(["CPDIS1", "D2IMDIS2", "CQDIS1"])(
    "an unknown function of %s is refused by name (wcslib)",
    (keyword) => {
      const refused = failureOf(headerOf([...plain, `${keyword.padEnd(8)}= 'Polynomial'`]));
      expect(refused).toBe(`WCS_UNSUPPORTED: The distortion function Polynomial of ${keyword} is not known.`);
    },
  );

  test("a DPj record that is not a number is refused by name (FITS WCS paper IV)", () => {
    const odd = change("CPDISj = TPD", (card) => card.replace("OFFSET.1: 32.0", "OFFSET.1: 3z"));
    expect(failureOf(odd)).toBe("WCS_INVALID: DP1 = 'OFFSET.1: 3z' cannot be read");
  });

  test("the celestial axes of a spectrum or of a position-velocity map are not axes of the image", () => {
    const moved = (first: number, ...more: string[]) =>
      headerOf([
        ...plain.map((card) =>
          card.replace(
            /^(CTYPE|CRVAL|CRPIX|CDELT)([12])/,
            (_all, name, axis) => `${name}${Number(axis) + first - 1}`,
          ),
        ),
        ...more,
      ]);
    expect(hasCelestialWcs(moved(1))).toBe(true);
    expect(hasCelestialWcs(moved(3, "WCSAXES =                    4"))).toBe(false);
    expect(hasCelestialWcs(moved(2, "CTYPE1  = 'VELO'", "NAXIS3  =                    1"))).toBe(false);
    const spread = (card: string) => card.replace(/^NAXIS {3}= .*/, "NAXIS   =                    3");
    const cube = moved(2, "NAXIS3  =                    9");
    const whole = headerOf(cube.cards.map(({ bytes }) => spread(String.fromCharCode(...bytes).trimEnd())));
    expect(hasCelestialWcs(whole)).toBe(true);
  });

  test("repeated keywords with different values give a warning that names the effective one", () => {
    const { warnings } = wcsFromHeader(change("repeated keywords", (card) => card));
    expect(warnings.map(({ message }) => message)).toEqual([
      "CRPIX1 has the values 32, 10; the last one is used.",
      "CRPIX2 has the values 24, 40; the last one is used.",
      "CRVAL1 has the values 150, 151; the last one is used.",
    ]);
    expect(wcsFromHeader(headerOf([...plain, "CRPIX1  = 32.0"])).warnings).toEqual([]);
  });

  test.each([
    ["EQUINOX =                  0.0", "ICRS"],
    ["EPOCH   =                  0.0", "ICRS"],
    ["EQUINOX =                   -1", "ICRS"],
    ["EQUINOX =               1799.0", "ICRS"],
    ["EQUINOX =               2451545.0", "ICRS"],
  ])("%s is not a year and counts as absent, with a warning", (card, system) => {
    const wcs = wcsFromHeader(headerOf([...plain, card]));
    expect(wcs.frame.system).toBe(system);
    expect(wcs.warnings.map(({ code }) => code)).toEqual(["EQUINOX_IGNORED"]);
    const fk5 = wcsFromHeader(headerOf([...plain, card, "RADESYS = 'FK5'"]));
    expect(fk5.frame).toMatchObject({ system: "FK5", equinox: 2000 });
  });

  test("HEALPix with its reference pixel at an edge has the whole image on the sky, in both directions", () => {
    const edge = reports.find(({ name }) => name === "CAR with its reference pixel at the left edge")!;
    const wcs = wcsFromHeader(headerOf(edge.cards.map((card) => card.replace("-CAR", "-HPX"))));
    for (const x of [0, 120.5, 215, 359]) {
      const sky = pixelToIcrs(wcs, x, 89)!;
      const back = icrsToPixel(wcs, sky.ra, sky.dec)!;
      expect(Math.hypot(back.x - x, back.y - 89)).toBeLessThan(1e-8);
    }
  });
});
