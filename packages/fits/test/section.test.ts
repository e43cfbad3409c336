import { beforeAll, describe, expect, it } from "vitest";
import type { SisError } from "../../../src/errors/sis-error.ts";
import { tiledFile } from "../../../test/support/inputs/made-fits.ts";
import type { ImageDescription } from "../src/describe/image-description.ts";
import { latin1Bytes } from "../src/header/card.ts";
import { readSection } from "../src/read/read-section.ts";
import { planSection } from "../src/read/section-plan.ts";
import { imageHdu } from "../src/write/write-image.ts";
import { largestAllocation } from "./support/allocations.ts";
import { fixtureBytes, imageFixtures, imageOf } from "./support/image-fixtures.ts";
import { CountingSource } from "./support/memory-source.ts";

const SIDE = 1200;
const pixels = Int16Array.from({ length: SIDE * SIDE }, (_, i) => (i * 2_654_435_761) >>> 20);
let plain: Uint8Array;
let rows: Uint8Array;
let squares: Uint8Array;

beforeAll(async () => {
  plain = imageHdu({ naxis: [SIDE, SIDE], pixels });
  const image = { naxis: [SIDE, SIDE], bitpix: 16, codec: "RICE_1" } as const;
  rows = await tiledFile(image, pixels);
  squares = await tiledFile({ ...image, codec: "GZIP_2", tile: [100, 100] }, pixels);
});

async function opened(bytes: Uint8Array, hdu: number) {
  const source = new CountingSource(bytes);
  const image = await imageOf(source, hdu);
  source.reads = 0;
  source.ranges.length = 0;
  return { source, image };
}

function tilesOf({ storage }: ImageDescription) {
  if (storage.kind !== "tiled") throw new Error("no tiles");
  return storage;
}

describe("bytes read for a section", () => {
  it("a section of a compressed image reads the tiles it touches, neighbours in one range, in one call", async () => {
    const { source, image } = await opened(rows, 1);
    const { lengths, offsets } = tilesOf(image);
    await readSection(source, planSection(image, { start: [300, 500], shape: [161, 161] }));
    const bytes = lengths.slice(500, 661).reduce((sum, length) => sum + length, 0);
    expect(source.reads).toBe(1);
    expect(source.ranges).toEqual([{ offset: offsets[500], length: bytes }]);
  });

  it("a section of square tiles reads one range per row of tiles that are far apart", async () => {
    const { source, image } = await opened(squares, 1);
    const { lengths } = tilesOf(image);
    const plan = planSection(image, { start: [250, 250], shape: [100, 100] });
    await readSection(source, plan);
    const touched = [26, 27, 38, 39].map((number) => lengths[number]!);
    expect(source.ranges).toHaveLength(2);
    expect(plan.bytes).toBe(touched.reduce((sum, length) => sum + length, 0));
    expect(source.ranges.reduce((sum, { length }) => sum + length, 0)).toBe(plan.bytes);
  });

  it("a section of an uncompressed image reads its rows, joined where gaps are small; whole rows are one range", async () => {
    const { source, image } = await opened(plain, 0);
    const at = (x: number, y: number) => 2880 + 2 * (y * SIDE + x);
    const far = planSection(image, { start: [10, 20], shape: [30, 2] });
    expect(far.ranges).toEqual([20, 21].map((y) => ({ offset: at(10, y), length: 60 })));
    const near = planSection(image, { start: [10, 20], shape: [300, 2] });
    expect(near.ranges).toEqual([{ offset: at(10, 20), length: 2 * (SIDE + 300) }]);
    const band = planSection(image, { start: [0, 100], shape: [SIDE, 50] });
    expect(band.ranges).toEqual([{ offset: 2880 + 200 * SIDE, length: 100 * SIDE }]);
    expect(await readSection(source, band)).toEqual(pixels.slice(100 * SIDE, 150 * SIDE));
  });

  it("a section is planned without reading, and an image is described by reading only the tile table", async () => {
    const source = new CountingSource(squares);
    const image = await imageOf(source, 1);
    const described = source.ranges.length;
    planSection(image, { start: [0, 0], shape: [SIDE, SIDE] });
    expect(source.ranges).toHaveLength(described);
    expect(source.ranges.at(-1)!.length).toBeLessThanOrEqual(144 * 24);
  });

  it("axes beyond those of the box are read at their first pixel", async () => {
    const cube = Int32Array.from({ length: 60 }, (_, i) => i);
    const { source, image } = await opened(imageHdu({ naxis: [3, 4, 5], pixels: cube }), 0);
    const plan = planSection(image, { start: [1, 2], shape: [2, 1] });
    expect(plan.box).toEqual({ start: [1, 2, 0], shape: [2, 1, 1] });
    expect(await readSection(source, plan)).toEqual(Int32Array.of(7, 8));
  });

  it.each([
    ["behind the last column", [1195, 0], [6, 1]],
    ["before the first row", [0, -1], [1, 1]],
    ["empty", [0, 0], [0, 1]],
    ["of half a pixel", [0.5, 0], [1, 1]],
    ["of three axes", [0, 0, 0], [1, 1, 1]],
    ["without a number", [Number.NaN, 0], [1, 1]],
  ])("a box that is not within the image is FITS_SECTION: %s", async (_, start, shape) => {
    const { image } = await opened(plain, 0);
    expect(() => planSection(image, { start, shape })).toThrow(
      expect.objectContaining({ code: "FITS_SECTION" }),
    );
  });
});

describe("memory used for a section", () => {
  const box = { start: [250, 250], shape: [100, 100] };
  it.each([
    ["plain", () => plain, 0, 20_000],
    ["row tiles", () => rows, 1, 110 * 2 * SIDE],
    ["square tiles", () => squares, 1, 4 * 20_000 * 1.1],
  ])(
    "reading a section allocates the section and one row of tiles, not the frame: %s",
    async (_, file, hdu, most) => {
      const { source, image } = await opened(file(), hdu);
      const largest = await largestAllocation(async () => {
        const section = await readSection(source, planSection(image, box));
        expect(section[0]).toBe(pixels[250 * SIDE + 250]);
      });
      expect(largest).toBeGreaterThanOrEqual(20_000);
      expect(largest).toBeLessThanOrEqual(most);
    },
  );

  it("reading a section uses the caller's buffer, which may be longer than needed", async () => {
    const { source, image } = await opened(squares, 1);
    const plan = planSection(image, box);
    const asked: number[] = [];
    const buffer = (length: number) => {
      asked.push(length);
      return new Uint8Array(length + 999).fill(255);
    };
    const section = await readSection(source, plan, { buffer });
    expect(asked).toEqual([plan.bytes]);
    expect(section).toEqual(await readSection(source, plan));
  });
});

describe("sections of damaged files", () => {
  const failure = async (work: () => unknown): Promise<Pick<SisError, "code" | "details" | "message">> => {
    try {
      await work();
    } catch (error) {
      return error as SisError;
    }
    throw new Error("nothing was wrong");
  };
  const whole = { start: [0, 0], shape: [SIDE, SIDE] };

  it("an error of a damaged tile names HDU, tile and byte; other tiles are still read", async () => {
    const { image } = await opened(squares, 1);
    const { offsets, lengths } = tilesOf(image);
    const bytes = squares.slice();
    bytes.fill(0xff, offsets[15]! + 20, offsets[15]! + lengths[15]! - 8);
    const source = new CountingSource(bytes);
    const { code, details, message } = await failure(() => readSection(source, planSection(image, whole)));
    expect(code).toBe("FITS_TILE_CORRUPT");
    expect(details).toMatchObject({ hdu: 1, tile: 15, offset: offsets[15] });
    expect(message).toContain(`HDU 1, tile 15 at byte ${offsets[15]}`);
    const beside = await readSection(source, planSection(image, { start: [400, 100], shape: [100, 100] }));
    expect(beside[0]).toBe(pixels[100 * SIDE + 400]);
  });

  it("an error of a damaged row among many names its tile", async () => {
    const { image } = await opened(rows, 1);
    const { offsets, lengths } = tilesOf(image);
    lengths[7] = 5;
    const error = await failure(() => readSection(new CountingSource(rows), planSection(image, whole)));
    expect(error).toMatchObject({
      code: "FITS_TILE_CORRUPT",
      details: { hdu: 1, tile: 7, offset: offsets[7] },
    });
  });

  it.each([
    ["the tiles", 0.5, "FITS_TRUNCATED"],
    ["the last tile", 0.999, "FITS_TRUNCATED"],
  ])("a file cut in %s is %s, and sections before the cut are read", async (_, part, code) => {
    const cut = squares.slice(0, Math.floor(squares.length * part) - 2880);
    const { source, image } = await opened(cut, 1);
    const { details, ...error } = await failure(() => planSection(image, whole));
    expect(error.code).toBe(code);
    expect(details).toHaveProperty("tile");
    const first = await readSection(source, planSection(image, { start: [0, 0], shape: [5, 1] }));
    expect(first).toEqual(pixels.slice(0, 5));
  });

  it("a file cut in the tile table is FITS_TRUNCATED", async () => {
    const header = Math.ceil(Buffer.from(squares).indexOf("END    ", 2880) / 2880) * 2880;
    expect(await failure(() => opened(squares.slice(0, header + 1000), 1))).toMatchObject({
      code: "FITS_TRUNCATED",
      details: { hdu: 1 },
    });
  });

  /** The fixture `name` with the card of `keyword` replaced. */
  const changed = (name: string, keyword: string, value: string): Uint8Array => {
    const bytes = fixtureBytes(imageFixtures.find((fixture) => fixture.name === name)!.file);
    const at = Buffer.from(bytes).indexOf(keyword.padEnd(8).concat("="), 2880);
    bytes.set(latin1Bytes(`${keyword.padEnd(8)}= ${value.padStart(20)}`.padEnd(80)), at);
    return bytes;
  };
  const whatever = "RICE_1 i2 tile (5, 7)";

  it.each([
    ["tiles of another width than the table has", "ZTILE1", "4", "FITS_CORRUPT"],
    ["tiles of no pixels", "ZTILE2", "0", "FITS_CORRUPT"],
    ["a codec that is not known", "ZCMPTYPE", "'BZIP_1  '", "FITS_UNSUPPORTED"],
    ["no codec", "ZCMPTYPE", "5", "FITS_CORRUPT"],
    ["ZBITPIX = 15", "ZBITPIX", "15", "FITS_CORRUPT"],
    ["no axes' lengths", "ZNAXIS", "3", "FITS_CORRUPT"],
    ["fewer rows than tiles", "NAXIS2", "3", "FITS_CORRUPT"],
    ["a column of another form", "TFORM1", "'1J'", "FITS_CORRUPT"],
    ["descriptors of nothing", "TFORM1", "'0PB(10)'", "FITS_CORRUPT"],
    ["a form that is none", "TFORM1", "'many'", "FITS_CORRUPT"],
    ["columns wider than rows", "NAXIS1", "4", "FITS_CORRUPT"],
    ["no column of tiles", "TTYPE1", "'OTHER'", "FITS_CORRUPT"],
    ["no columns", "TFIELDS", "0", "FITS_CORRUPT"],
    ["10^12 pixels", "ZNAXIS1", "58823529412", "FITS_CORRUPT"],
  ])("a damaged table is a typed error with its HDU: %s", async (_, keyword, value, code) => {
    const error = await failure(() => opened(changed(whatever, keyword, value), 1));
    expect(error).toMatchObject({ code, details: { hdu: 1 } });
  });

  it.each([
    ["BYTEPIX", "ZVAL2", "3", "FITS_UNSUPPORTED"],
    ["BLOCKSIZE", "ZVAL1", "0", "FITS_UNSUPPORTED"],
  ])("a damaged codec parameter is a typed error of the tile: %s", async (_, keyword, value, code) => {
    const { source, image } = await opened(changed(whatever, keyword, value), 1);
    const error = await failure(() =>
      readSection(source, planSection(image, { start: [0, 0], shape: [9, 9] })),
    );
    expect(error).toMatchObject({ code, details: { hdu: 1, tile: 0 } });
  });

  it("tiles that declare far more pixels than their bytes can hold cost no memory", async () => {
    const bytes = changed("RICE_1 i4 of 1 axis", "ZNAXIS1", "4000000000");
    bytes.set(latin1Bytes("ZTILE1  =           1000000000"), Buffer.from(bytes).indexOf("ZTILE1  ="));
    const { image } = await opened(bytes, 1);
    const largest = await largestAllocation(async () => {
      const error = await failure(() => planSection(image, { start: [0], shape: [10] }));
      expect(error).toMatchObject({ code: "FITS_TILE_CORRUPT", details: { hdu: 1, tile: 0 } });
    });
    expect(largest).toBeLessThan(1000);
  });
});
