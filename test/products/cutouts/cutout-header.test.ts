import { expect, test } from "vitest";
import { latin1, latin1Bytes, parseCards } from "../../../packages/fits/src/header/card.ts";
import {
  headerFromCards,
  headerNumber,
  headerText,
  parseHeader,
} from "../../../packages/fits/src/header/header.ts";
import { cutoutHeader, cutoutHeaderTemplate } from "../../../src/products/make/cutout/cutout-header.ts";

const headerOf = (...lines: readonly string[]) =>
  headerFromCards(parseCards(latin1Bytes(lines.map((line) => line.padEnd(80)).join(""))));

const provenance = {
  id: "urn:nasa:pds:one",
  place: { ra: 10.5, dec: -3, size: { text: "5arcmin" } },
  version: "1.2.3",
  sourceModifiedMs: Date.UTC(2026, 10, 24, 20),
};
const box = { start: [100, 7], shape: [20, 30] } as const;

function cutout(...lines: readonly string[]) {
  const bytes = cutoutHeader(cutoutHeaderTemplate(headerOf(...lines)), box, provenance);
  const texts = Array.from({ length: bytes.length / 80 }, (_, i) =>
    latin1(bytes.subarray(i * 80, (i + 1) * 80)),
  );
  return { header: parseHeader(bytes), texts };
}

const STRUCTURE = [
  "BITPIX  =                   16",
  "NAXIS   =                    2",
  "NAXIS1  =                10560",
  "NAXIS2  =                10560",
];

test("cards of the source are kept byte for byte in a cutout: unterminated strings, odd spacing, HIERARCH, comments, continued strings", () => {
  const odd = [
    "DATE-MID= '2021-09-07T09:30:43 / UTC",
    "EXPTIME=30.0",
    "HIERARCH ESO DET ID = 'x'    / an id",
    "COMMENT   as it was",
    "LONGCARD= 'begins &'",
    "CONTINUE  'and ends'",
    "D_EXP   =  1.25D-03",
  ];
  const { texts } = cutout(...STRUCTURE, ...odd);
  for (const line of odd) expect(texts).toContain(line.padEnd(80));
});

test("CRPIX of every system, CNPIX and NAXIS follow the box of a cutout; the rest of the coordinate system is unchanged", () => {
  const { header, texts } = cutout(
    ...STRUCTURE,
    "CRPIX1  =               5280.5",
    "CRPIX2  =            5280.5D+0",
    "CRPIX1B =                    1",
    "CNPIX1  =                  400",
    "CRVAL1  =                123.4",
    "CD1_1   =                -5E-4",
  );
  expect(headerNumber(header, "CRPIX1")).toBe(5180.5);
  expect(headerNumber(header, "CRPIX2")).toBe(5273.5);
  expect(headerNumber(header, "CRPIX1B")).toBe(-99);
  expect(headerNumber(header, "CNPIX1")).toBe(500);
  expect([headerNumber(header, "NAXIS1"), headerNumber(header, "NAXIS2")]).toEqual([20, 30]);
  expect(texts).toContain("CRVAL1  =                123.4".padEnd(80));
  expect(texts).toContain("CD1_1   =                -5E-4".padEnd(80));
});

test("a CRPIX that the source omits means 0 and is written to the cutout", () => {
  const { header } = cutout(...STRUCTURE, "CTYPE1  = 'RA---TAN'", "CTYPE2  = 'DEC--TAN'");
  expect([headerNumber(header, "CRPIX1"), headerNumber(header, "CRPIX2")]).toEqual([-100, -7]);
});

test("a cutout of a cutout has the provenance of the last one", () => {
  const { texts, header } = cutout(...STRUCTURE, "SIS-OID = 'urn:old '", "SIS-RA  =                  1.0");
  expect(texts.filter((text) => text.startsWith("SIS-OID"))).toHaveLength(1);
  expect([headerText(header, "SIS-OID"), headerNumber(header, "SIS-RA")]).toEqual(["urn:nasa:pds:one", 10.5]);
});

test("cards about the original file and its checksums are removed from a cutout; the scaling is kept", () => {
  const { header } = cutout(
    ...STRUCTURE,
    "XTENSION= 'IMAGE   '",
    "PCOUNT  =                    0",
    "CHECKSUM= '0000000000000000'",
    "DATASUM = '1       '",
    "BZERO   =                32768",
  );
  for (const keyword of ["XTENSION", "PCOUNT", "CHECKSUM", "DATASUM"]) {
    expect(header.index.has(keyword)).toBe(false);
  }
  expect(headerNumber(header, "BZERO")).toBe(32_768);
  expect(header.cards[0]?.keyword).toBe("SIMPLE");
});

test("the provenance of a cutout states the request; a long identifier is continued and announced", () => {
  const short = cutout(...STRUCTURE).header;
  expect(headerText(short, "SIS-OID")).toBe("urn:nasa:pds:one");
  expect([headerNumber(short, "SIS-RA"), headerNumber(short, "SIS-DEC")]).toEqual([10.5, -3]);
  expect(headerText(short, "SIS-SIZE")).toBe("5arcmin");
  expect(short.index.has("LONGSTRN")).toBe(false);
  const id = `urn:nasa:pds:${"x".repeat(200)}`;
  const template = cutoutHeaderTemplate(headerOf(...STRUCTURE));
  const long = parseHeader(cutoutHeader(template, box, { ...provenance, id }));
  expect(headerText(long, "SIS-OID")).toBe(id);
  expect(headerText(long, "LONGSTRN")).toBe("OGIP 1.0");
});

test("of repeated cards of the structure only those that count are kept", () => {
  const repeated = [
    "NAXIS   =                   32",
    "NAXIS1  =                  999",
    "BITPIX  =                   -64",
  ];
  const { header, texts } = cutout(...STRUCTURE, ...repeated);
  expect(texts.filter((text) => /^(?:BITPIX|NAXIS)/.test(text)).map((text) => text.slice(0, 30))).toEqual([
    "BITPIX  =                   16",
    "NAXIS   =                    2",
    "NAXIS1  =                   20",
    "NAXIS2  =                   30",
  ]);
  expect(headerNumber(header, "NAXIS")).toBe(2);
});

test("COMMENT cards say how the coordinate system was read: at most a dozen, in printable ASCII", () => {
  const assumptions = [
    "CDELT1 is missing;\u0007 1 is taken.",
    ...Array.from({ length: 30 }, () => "x".repeat(2000)),
  ];
  const template = cutoutHeaderTemplate(headerOf(...STRUCTURE), undefined, assumptions);
  const comments = parseHeader(cutoutHeader(template, box, provenance))
    .cards.filter(({ keyword }) => keyword === "COMMENT")
    .map(({ comment }) => comment ?? "");
  expect(comments[0]).toBe("Coordinate system: CDELT1 is missing;? 1 is taken.");
  expect(comments.join(" ")).toContain("Coordinate system: and 19 more");
  expect(comments.join("").length).toBeLessThan(12 * 300 + 200);
});
