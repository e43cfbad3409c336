import { expect, test } from "vitest";
import { openFits } from "../../../packages/fits/src/file/fits-file.ts";
import { latin1Bytes, parseCards } from "../../../packages/fits/src/header/card.ts";
import { headerFromCards, headerNumber } from "../../../packages/fits/src/header/header.ts";
import { realCard, valueCard } from "../../../packages/fits/src/header/write-card.ts";
import { memorySource } from "../../../packages/fits/src/source/byte-source.ts";
import { imageHdu } from "../../../packages/fits/src/write/write-image.ts";
import { pixelToWorld, type Wcs, wcsFromHeader } from "../../../packages/wcs/src/index.ts";
import { readLookupTables } from "../../../src/products/lookup-tables.ts";
import { cutoutHeader, cutoutHeaderTemplate } from "../../../src/products/make/cutout/cutout-header.ts";
import { cutoutTables } from "../../../src/products/make/cutout/cutout-tables.ts";

const provenance = {
  id: "urn:nasa:pds:one",
  place: { ra: 1, dec: 2, size: { text: "5arcsec" } },
  version: "1.2.3",
  sourceModifiedMs: Date.UTC(2026, 10, 24),
};
const box = { start: [410, 120], shape: [24, 16] } as const;

/** A table of 20 x 10 cells over 640 x 480 pixels. */
function table(
  name: string,
  version: number,
  size: number,
  shape: readonly [number, number] = [20, 10],
): Uint8Array {
  const [width, height] = shape;
  const pixels = Float32Array.from(
    { length: width * height },
    (_, k) => size * Math.sin(k * 1.7 + version) * Math.cos(k * 0.3),
  );
  return imageHdu({
    naxis: [width, height],
    pixels,
    kind: "extension",
    cards: [
      valueCard("EXTNAME", name),
      valueCard("EXTVER", version),
      ...[realCard("CRPIX1", 1), realCard("CRPIX2", 2), realCard("CRVAL1", 1), realCard("CRVAL2", 40)],
      ...[realCard("CDELT1", 640 / 19), realCard("CDELT2", 480 / 9)],
    ],
  });
}

const SKY = [
  "CTYPE1  = 'RA---TAN'",
  "CTYPE2  = 'DEC--TAN'",
  "CRVAL1  =                150.0",
  "CRVAL2  =                 30.0",
  "CRPIX1  =                320.0",
  "CRPIX2  =                240.0",
  "CD1_1   =              -0.0003",
  "CD2_2   =               0.0003",
];

const LOOKUP = [
  ...["CPDIS1  = 'LOOKUP'", "DP1     = 'EXTVER: 1'", "DP1     = 'NAXES: 2'"],
  ...["DP1     = 'AXIS.1: 1'", "DP1     = 'AXIS.2: 2'"],
  ...["CPDIS2  = 'Lookup'", "DP2     = 'EXTVER: 2'", "DP2     = 'AXIS.1: 2'", "DP2     = 'AXIS.2: 1'"],
  ...["D2IMDIS1= 'LOOKUP'", "D2IM1   = 'EXTVER: 1'", "D2IM1   = 'AXIS.1: 1'"],
];

function frameOf(cards: readonly string[], tables: readonly Uint8Array[]): Uint8Array {
  const lines = cards.map((card) => card.padEnd(80)).join("");
  const naxis = [640, 480];
  const first = imageHdu({ naxis, pixels: new Int16Array(640 * 480), cards: parseCards(latin1Bytes(lines)) });
  return joined([first, ...tables]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

async function wcsOf(file: Uint8Array): Promise<Wcs> {
  const source = memorySource(file);
  const { hdus } = await openFits(source);
  return wcsFromHeader(hdus[0]!.header, { lookupTable: await readLookupTables(source, hdus[0]!.header) });
}

/** The file of a cutout, with zeros as its pixels. */
async function cutoutOf(file: Uint8Array): Promise<Uint8Array> {
  const { hdus } = await openFits(memorySource(file));
  const tables = cutoutTables(await wcsOf(file), box);
  const bytes = cutoutHeader(cutoutHeaderTemplate(hdus[0]!.header), box, provenance, tables.length > 0);
  const pixels = new Int16Array(box.shape[0] * box.shape[1]);
  return joined([imageHdu({ naxis: [...box.shape], pixels, cards: parseCards(bytes) }), ...tables]);
}

function expectSamePlaces(frame: Wcs, cutout: Wcs): void {
  for (const x of [-0.5, 0, 7.25, 13, 23.5])
    for (const y of [-0.5, 0, 8.75, 15.5]) {
      const there = pixelToWorld(frame, x + box.start[0], y + box.start[1])!;
      const here = pixelToWorld(cutout, x, y)!;
      expect(Math.hypot(here.lon - there.lon, here.lat - there.lat)).toBeLessThan(1e-11);
    }
}

test("a cutout includes the cells of its lookup tables that it needs, and every pixel keeps its position (FITS WCS paper IV)", async () => {
  const tables = [table("WCSDVARR", 1, 3), table("WCSDVARR", 2, 4, [10, 20]), table("D2IMARR", 1, 40)];
  const file = frameOf([...SKY, ...LOOKUP], tables);
  const cut = await cutoutOf(file);
  const { hdus } = await openFits(memorySource(cut));
  expect(hdus.map(({ name, version }) => [name, version])).toEqual([
    [undefined, 1],
    ["D2IMARR", 1],
    ["WCSDVARR", 1],
    ["WCSDVARR", 2],
  ]);
  const cells = hdus
    .slice(1)
    .map(({ header }) => headerNumber(header, "NAXIS1")! * headerNumber(header, "NAXIS2")!);
  for (const count of cells) expect(count).toBeLessThan(40);
  expect((await wcsOf(file)).distortion).toBe("D2IM+CPDIS");
  expectSamePlaces(await wcsOf(file), await wcsOf(cut));
});

test("two axes that share a lookup table, one with its axes exchanged, get all of it once", async () => {
  const shared = LOOKUP.map((card) => card.replace("EXTVER: 2", "EXTVER: 1"));
  const file = frameOf([...SKY, ...shared], [table("WCSDVARR", 1, 3, [12, 12]), table("D2IMARR", 1, 1)]);
  const cut = await cutoutOf(file);
  const { hdus } = await openFits(memorySource(cut));
  expect(hdus.map(({ name }) => name)).toEqual([undefined, "D2IMARR", "WCSDVARR"]);
  expectSamePlaces(await wcsOf(file), await wcsOf(cut));
});

test("a file that lacks the lookup table its header names is refused, naming the table", async () => {
  const file = frameOf([...SKY, ...LOOKUP], [table("WCSDVARR", 1, 3), table("D2IMARR", 1, 1)]);
  await expect(wcsOf(file)).rejects.toThrow(
    /^The lookup table WCSDVARR, version 2, of CPDIS2 is not in the file/,
  );
});

test("CPDISj = 'TPD': the offsets of its records follow the box, including omitted ones, which are 0 (FITS WCS paper IV)", async () => {
  const tpd = [
    ...["CPDIS1  = 'TPD'", "CPDIS2  = 'TPD'", "DP1     = 'OFFSET.1: 300'", "DP1     = 'OFFSET.2: 200.5'"],
    ...["DP1     = 'TPD.FWD.4: 0.0001'", "DP2     = 'AXIS.1: 2'", "DP2     = 'AXIS.2: 1'"],
    ...["DP2     = 'OFFSET.1: 200.5'", "DP2     = 'OFFSET.2: 300'", "DP2     = 'TPD.FWD.5: 0.0001'"],
  ];
  for (const cards of [tpd, tpd.filter((card) => !card.includes("OFFSET"))]) {
    const file = frameOf([...SKY, ...cards], []);
    expect((await wcsOf(file)).distortion).toBe("CPDIS");
    expectSamePlaces(await wcsOf(file), await wcsOf(await cutoutOf(file)));
  }
});

test("each card of a repeated keyword follows the box from its own value, as do alternate systems and IRAF's LTV", () => {
  const header = headerFromCards(
    parseCards(
      latin1Bytes(
        [
          "BITPIX  =                   16",
          "NAXIS   =                    2",
          "NAXIS1  =                  640",
          "NAXIS2  =                  480",
          ...SKY,
          "CRPIX1  =                 10.0",
          "CRPIX2  =                 40.0",
          "CRPIX1A =                  5.0",
          "CTYPE1A = 'LINEAR'",
          "LTV1    =                -20.0",
          "LTM1_1  =                  0.5",
        ]
          .map((card) => card.padEnd(80))
          .join(""),
      ),
    ),
  );
  const cards = parseCards(cutoutHeader(cutoutHeaderTemplate(header), box, provenance));
  const valuesOf = (keyword: string) =>
    cards.filter((card) => card.keyword === keyword).map(({ value }) => value);
  expect(valuesOf("CRPIX1")).toEqual([320 - 410, 10 - 410]);
  expect(valuesOf("CRPIX2")).toEqual([240 - 120, 40 - 120]);
  expect(valuesOf("CRPIX1A")).toEqual([5 - 410]);
  expect(valuesOf("CRPIX2A")).toEqual([-120]);
  expect(valuesOf("LTV1")).toEqual([-20 - 410]);
  expect(valuesOf("LTV2")).toEqual([-120]);
});

test("of two lookup tables with one name the first counts (astropy), and tables that nothing names are not read", async () => {
  const named = [table("WCSDVARR", 1, 3), table("WCSDVARR", 2, 4, [10, 20]), table("D2IMARR", 1, 40)];
  const plain = await wcsOf(frameOf([...SKY, ...LOOKUP], named));
  const large = table("WCSDVARR", 7, 1, [1200, 900]);
  const more = await wcsOf(frameOf([...SKY, ...LOOKUP], [large, ...named, table("WCSDVARR", 1, 9)]));
  expect(more.prior).toEqual(plain.prior);
  expect(more.detector).toEqual(plain.detector);
});

test("lookup tables with more cells than a coordinate system may have are refused before they are read", async () => {
  const side: readonly [number, number] = [800, 700];
  const tables = [table("WCSDVARR", 1, 3, side), table("WCSDVARR", 2, 4, side), table("D2IMARR", 1, 40)];
  await expect(wcsOf(frameOf([...SKY, ...LOOKUP], tables))).rejects.toMatchObject({
    code: "FITS_TOO_LARGE",
    message: expect.stringContaining("1120000 cells; at most 1048576"),
  });
});
