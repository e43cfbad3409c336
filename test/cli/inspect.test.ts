import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Card } from "../../packages/fits/src/header/card.ts";
import { realCard, valueCard } from "../../packages/fits/src/header/write-card.ts";
import { memorySource } from "../../packages/fits/src/source/byte-source.ts";
import { emptyPrimary, imageHdu } from "../../packages/fits/src/write/write-image.ts";
import { concat } from "../../packages/fits/test/support/cards.ts";
import { fixtureBytes, imageFixtures, imageOf } from "../../packages/fits/test/support/image-fixtures.ts";
import { openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { describeFile, type InspectedFile, type InspectedHdu } from "../../src/cli/inspect/describe-file.ts";
import { runSbnsis } from "../../src/cli/sbnsis-commands.ts";
import { startArchive } from "../support/archive/test-archive.ts";
import { madeImage } from "../support/catalog/made-catalog.ts";
import { sqliteSettings } from "../support/catalog/test-database.ts";
import { gnomonicCards } from "../support/inputs/made-fits.ts";

const sky: readonly Card[] = [
  ...gnomonicCards([150, 20], [10.5, 8], [-1 / 3600, 0, 0, 1 / 3600]),
  valueCard("RADESYS", "ICRS"),
];
const pixels = Int16Array.from({ length: 20 * 15 }, (_, i) => i - 100);
const scaling = [
  realCard("BSCALE", 1),
  realCard("BZERO", 32768),
  valueCard("EXTNAME", "SCI"),
  valueCard("EXTVER", 3),
];
const file = concat(
  emptyPrimary(),
  imageHdu({ naxis: [20, 15], pixels, cards: [...scaling, ...sky], kind: "extension" }),
  imageHdu({ naxis: [7], pixels: new Float32Array(7).fill(Number.NaN), kind: "extension" }),
);
const nothing = { statistics: false, sky: [], pixel: [] } as const;
const inspect = (bytes: Uint8Array, request: Partial<Parameters<typeof describeFile>[2]> = {}) =>
  describeFile(memorySource(bytes), "made.fits", { ...nothing, ...request });

describe("the description of a file", () => {
  it("inspect describes every HDU with type, sizes, coordinate system and statistics in one document", async () => {
    const request = {
      statistics: true,
      sky: [[10.5, 8]],
      pixel: [
        [150, 20],
        [330, -20],
      ],
    } as const;
    const { hdus, ...rest } = await inspect(file, request);
    expect(rest).toEqual({ file: "made.fits", size: file.length, warnings: [] });
    const none = { compression: null, wcs: null, warnings: [], sky: [], pixel: [] };
    const { wcs, sky: places, pixel, ...science } = hdus[1]!;
    expect(hdus[0]).toEqual({
      index: 0,
      name: null,
      version: 1,
      type: "image",
      bitpix: 8,
      naxis: [],
      bscale: null,
      bzero: null,
      blank: null,
      ...none,
    });
    expect(science).toEqual({
      index: 1,
      name: "SCI",
      version: 3,
      type: "image",
      bitpix: 16,
      naxis: [20, 15],
      compression: null,
      bscale: 1,
      bzero: 32768,
      blank: null,
      warnings: [],
      statistics: {
        min: 32668,
        max: 32967,
        mean: 32817.5,
        sum: 9_845_250,
        first: 32668,
        blank: 0,
        dtype: "uint16",
      },
    });
    expect(hdus[2]!.statistics).toEqual({
      min: null,
      max: null,
      mean: null,
      sum: null,
      first: null,
      blank: 7,
      dtype: "float32",
    });
    expect(wcs).toMatchObject({
      ctype: ["RA---TAN", "DEC--TAN"],
      frame: "ICRS",
      equinox: null,
      distortion: "none",
    });
    expect(wcs!.scaleArcsec.map((scale) => scale.toFixed(9))).toEqual(["1.000000000", "1.000000000"]);
    expect(wcs!.centre!.ra).toBeCloseTo(150, 11);
    expect(wcs!.centre!.dec).toBeCloseTo(20, 11);
    const [[ra, dec], , [, top]] = wcs!.footprint as [[number, number], unknown, [number, number]];
    expect((ra - 150) * Math.cos(Math.PI / 9) * 3600).toBeCloseTo(10, 3);
    expect((dec - 20) * 3600).toBeCloseTo(-7.5, 3);
    expect((top - 20) * 3600).toBeCloseTo(7.5, 3);
    expect(places[0]).toMatchObject({ x: 10.5, y: 8 });
    expect(places[0]!.lon).toBeCloseTo(150, 11);
    expect(places[0]!.lat).toBeCloseTo(20, 11);
    expect(pixel[0]!.x).toBeCloseTo(10.5, 8);
    expect(pixel[0]!.y).toBeCloseTo(8, 8);
    expect(pixel[1]).toEqual({ ra: 330, dec: -20, x: null, y: null });
  });

  it.each([
    ["RICE_1 i2 tile (5, 7)", { codec: "RICE_1", tile: [7, 5], quantize: null }, 16, [23, 17], 0],
    [
      "as NEAT: quantised SUBTRACTIVE_DITHER_1, BZERO = 32768",
      { codec: "RICE_1", tile: [40, 1], quantize: "SUBTRACTIVE_DITHER_1" },
      -32,
      [40, 17],
      32768,
    ],
    ["lossless floats GZIP_1", { codec: "GZIP_1", tile: [23, 2], quantize: null }, -32, [23, 17], 0],
  ])(
    "inspect shows a compressed image as the image that it contains: %s",
    async (name, compression, bitpix, naxis, bzero) => {
      const fixture = imageFixtures.find((each) => each.name === name)!;
      const { hdus } = await inspect(fixtureBytes(fixture.file), { hdu: 1 });
      expect(hdus).toHaveLength(1);
      expect(hdus[0]).toMatchObject({
        index: 1,
        type: "image",
        compression,
        bitpix,
        naxis,
        bscale: 1,
        bzero,
      });
    },
  );

  it("inspect lists the intact HDUs around a damaged one, and says what is damaged", async () => {
    const fixture = imageFixtures.find(({ name }) => name === "RICE_1 i2 tile (5, 7)")!;
    const packed = fixtureBytes(fixture.file).slice();
    const { storage } = await imageOf(memorySource(packed), 1);
    if (storage.kind !== "tiled") throw new Error("no tiles");
    for (const [i, offset] of storage.offsets.entries())
      packed.fill(255, offset, offset + storage.lengths[i]!);
    const broken = imageHdu({ naxis: [20], pixels: new Uint8Array(20), kind: "extension" });
    broken.set(Buffer.from("NAXIS   =                 none"), 160);
    const bytes = concat(packed, broken, file.subarray(2880), new Uint8Array(999)).subarray(0, -999 - 2870);
    const { hdus, warnings } = await inspect(bytes, { statistics: true });
    const codes = (each: InspectedHdu) => [each.index, each.type, each.error?.code];
    expect(hdus.map(codes)).toEqual([
      [0, "image", undefined],
      [1, "image", "FITS_TILE_CORRUPT"],
      [2, "other", "FITS_CORRUPT"],
      [3, "image", undefined],
      [4, "image", "FITS_TRUNCATED"],
    ]);
    expect(hdus[1]).toMatchObject({ naxis: [23, 17], compression: { codec: "RICE_1" } });
    expect(warnings.length).toBeGreaterThan(0);
  });

  it("inspect warns of oddities of a coordinate system, and of an invalid one", async () => {
    const cards = (...more: readonly Card[]) =>
      imageHdu({ naxis: [4, 4], pixels: new Uint8Array(16), cards: [...sky, ...more] });
    const odd = await inspect(cards(realCard("A_ORDER", 2), realCard("B_ORDER", 2), realCard("A_2_0", 1e-5)));
    expect(odd.hdus[0]!.warnings[0]).toMatch(/^SIP_WITHOUT_SUFFIX: /);
    const singular = await inspect(
      imageHdu({
        naxis: [4, 4],
        pixels: new Uint8Array(16),
        cards: sky.map((card) => (card.keyword === "CD1_1" ? realCard("CD1_1", 0) : card)),
      }),
    );
    expect(singular.hdus[0]).toMatchObject({
      wcs: null,
      warnings: [expect.stringMatching(/^WCS_INVALID: /)],
    });
  });
});

describe("sbnsis inspect", () => {
  let folder = "";
  let printed = "";
  let complained = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sis-inspect-"));
    writeFileSync(join(folder, "made.fits"), file);
    writeFileSync(
      join(folder, ".env"),
      `DB_DIALECT=sqlite\nDB_DATABASE=${join(folder, "made.db")}\nSBNSIS_DATA_ROOTS=\n`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => vi.restoreAllMocks());

  async function run(...args: readonly string[]): Promise<number> {
    printed = "";
    complained = "";
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      complained += String(text);
      return true;
    });
    process.exitCode = 0;
    await runSbnsis(["node", "sbnsis", "inspect", ...args]);
    vi.restoreAllMocks();
    const status = Number(process.exitCode);
    process.exitCode = 0;
    return status;
  }
  const report = (): InspectedFile => JSON.parse(printed);

  it("inspect prints a readable description of a file", async () => {
    expect(await run("made.fits", "--statistics", "--sky", "10.5,8", "--pixel=150,20")).toBe(0);
    expect(printed).toContain(
      "HDU 1  SCI, version 3\n  data     image of 20 x 15, BITPIX 16\n  scaling  BZERO 32768\n",
    );
    expect(printed).toContain("uint16, 32668 to 32967, mean 32817.5, sum 9845250, first 32668, 0 blank");
    expect(printed).toContain("sky      pixel 10.5, 8 is at 150, 20 deg");
  });

  it.each([
    ["a path", () => join(folder, "made.fits")],
    ["a URL of a file", () => pathToFileURL(join(folder, "made.fits")).href],
  ])("inspect --json prints one document about %s", async (_, name) => {
    expect(await run(name(), "--json", "--hdu", "1")).toBe(0);
    expect(report()).toMatchObject({
      file: name(),
      size: file.length,
      hdus: [{ index: 1, naxis: [20, 15] }],
    });
  });

  it("inspect reads a remote file by ranges", async () => {
    const archive = await startArchive(file);
    try {
      expect(await run(archive.url, "--json", "--statistics")).toBe(0);
      expect(report().hdus.map(({ statistics }) => statistics?.sum)).toEqual([undefined, 9_845_250, null]);
    } finally {
      await archive.close();
    }
  });

  it("inspect finds the file of a LID in the database", async () => {
    const catalog = await openWritableCatalog(sqliteSettings(join(folder, "made.db")));
    await catalog.createTables();
    const imageUrl = pathToFileURL(join(folder, "made.fits")).href;
    await catalog.write([madeImage("one", { record: { imageUrl } })]);
    await catalog.close();
    expect(await run("urn:nasa:pds:made:data:one", "--json")).toBe(0);
    expect(report().hdus).toHaveLength(3);
    expect(await run("urn:nasa:pds:made:data:two", "--json")).toBe(1);
    expect(complained).toContain("the database has no image urn:nasa:pds:made:data:two");
  });

  it("inspect exits with 1 when an HDU is damaged, and lists the others", async () => {
    writeFileSync(join(folder, "cut.fits"), file.subarray(0, 6000));
    expect(await run("cut.fits", "--json")).toBe(1);
    expect(report().hdus.map(({ error }) => error?.code)).toEqual([undefined, "FITS_TRUNCATED"]);
  });

  it.each([
    [1, ["missing.fits"], /sbnsis: the source does not exist \(ENOENT\)/],
    [1, [".env"], /not a FITS file/],
    [1, ["made.fits", "--hdu", "7"], /the file has 3 HDUs/],
    [2, ["made.fits", "--sky", "1"], /two numbers/],
    [2, ["made.fits", "--pixel", "1,north"], /two numbers/],
    [2, ["made.fits", "--hdu", "SCI"], /counted from 0/],
    [2, [], /missing required argument/],
  ])("inspect exits with %i and explains why: %j", async (status, args, reason) => {
    expect(await run(...args)).toBe(status);
    expect(complained).toMatch(reason);
  });
});
