import { describe, expect, it } from "vitest";
import type { SisError } from "../../../src/errors/sis-error.ts";
import { describeImage } from "../src/describe/image-description.ts";
import { openFits } from "../src/file/fits-file.ts";
import { latin1Bytes } from "../src/header/card.ts";
import { planSection } from "../src/read/section-plan.ts";
import { card, concat, headerBlock } from "./support/cards.ts";
import { CountingSource } from "./support/memory-source.ts";

const axes = (...naxis: readonly number[]) => [
  card("NAXIS", naxis.length),
  ...naxis.map((length, i) => card(`NAXIS${i + 1}`, length)),
];
const primary = (bitpix: number, naxis: readonly number[], ...more: readonly string[]) =>
  headerBlock("SIMPLE  =                    T", card("BITPIX", bitpix), ...axes(...naxis), ...more);
const extension = (kind: string, bitpix: number, naxis: readonly number[], ...more: readonly string[]) =>
  headerBlock(
    card("XTENSION", `'${kind.padEnd(8)}'`),
    card("BITPIX", bitpix),
    ...axes(...naxis),
    card("PCOUNT", 0),
    card("GCOUNT", 1),
    ...more,
  );
const data = (length: number) => new Uint8Array(Math.ceil(length / 2880) * 2880).fill(7);
const open = (...parts: readonly Uint8Array[]) => openFits(new CountingSource(concat(...parts)));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    ({ code }: SisError) => code,
  );

const four = [
  primary(16, []),
  extension("IMAGE", -32, [30, 40], card("EXTNAME", "'SCI'"), card("EXTVER", 2)),
  data(4800),
  extension("BINTABLE", 8, [12, 3]),
  data(36),
  extension("TABLE", 8, [80, 40]),
  data(3200),
];

describe("opening a FITS file", () => {
  it("HDUs are listed with kind, name, version and position (FITS 4.0, 3.1 to 3.4)", async () => {
    const { hdus, warnings, error } = await open(...four);
    expect(
      hdus.map(({ kind, name, version, headerOffset, dataOffset, dataLength }) => [
        kind,
        name,
        version,
        headerOffset,
        dataOffset,
        dataLength,
      ]),
    ).toEqual([
      ["image", undefined, 1, 0, 2880, 0],
      ["image", "SCI", 2, 2880, 5760, 4800],
      ["bintable", undefined, 1, 11_520, 14_400, 36],
      ["table", undefined, 1, 17_280, 20_160, 3200],
    ]);
    expect(warnings).toEqual([]);
    expect(error).toBeUndefined();
  });

  it("HDUs are found by reading only headers, no further than requested", async () => {
    const source = new CountingSource(concat(primary(8, [1_000_000]), data(1_000_000), ...four.slice(1)));
    const { hdus } = await openFits(source, { until: ({ index }) => index === 1 });
    expect(hdus).toHaveLength(2);
    expect(source.reads).toBe(2);
    expect(source.ranges.every(({ length }) => length <= 8 * 2880)).toBe(true);
  });

  it("random groups are listed (FITS 4.0, 6), with the length of equation 4", async () => {
    const { hdus } = await open(
      primary(-32, [0, 3, 4], "GROUPS  =                    T", card("PCOUNT", 6), card("GCOUNT", 100)),
      data(4 * 100 * (6 + 12)),
      extension("IMAGE", 8, [5]),
      data(5),
    );
    expect(hdus.map(({ kind, dataLength }) => [kind, dataLength])).toEqual([
      ["groups", 7200],
      ["image", 5],
    ]);
  });

  it("PCOUNT counts in extensions, but not in a primary image", async () => {
    const { hdus } = await open(
      primary(8, [10], card("PCOUNT", 5000)),
      data(10),
      extension("IMAGE", 8, [3]),
      data(3),
    );
    expect(hdus.map(({ dataLength }) => dataLength)).toEqual([10, 3]);
  });

  it.each([
    ["lower-case SIMPLE and a header that ends with its last card", concat(primary(8, [])).subarray(0, 320)],
    [
      "a header of more than 24 blocks",
      primary(8, [], ...Array.from({ length: 1000 }, () => "HISTORY long")),
    ],
  ])("an odd header is read: %s", async (_, bytes) => {
    const { hdus } = await open(bytes);
    expect(hdus).toHaveLength(1);
  });

  it.each([
    [
      "cut in the last block",
      concat(...four).subarray(0, -100),
      4,
      "the last block of the file is cut short",
    ],
    [
      "cut in the data",
      concat(...four.slice(0, 3)).subarray(0, 7000),
      2,
      "the data of HDU 1 end at byte 10560, the file at byte 7000",
    ],
    [
      "junk behind",
      concat(...four, new Uint8Array(5000)),
      4,
      "5000 bytes from byte 25920 on are after the last HDU and belong to no HDU",
    ],
  ])("an odd file is listed with a warning: %s", async (_, bytes, count, warning) => {
    const { hdus, warnings, error } = await open(bytes);
    expect(hdus).toHaveLength(count);
    expect(warnings).toEqual([warning]);
    expect(error).toBeUndefined();
  });

  it.each([
    ["two blocks", new Uint8Array(5760).fill(65)],
    [
      "a piece that is no whole block, with the word XTENSION= in it",
      latin1Bytes(`an XTENSION= 'but no header' ${"x".repeat(99)}`),
    ],
    ["nearly 1 MiB", new Uint8Array(1_040_000)],
  ])("HDUs are found after junk between them: %s", async (_, junk) => {
    const { hdus, warnings } = await open(...four.slice(0, 3), junk, ...four.slice(3));
    expect(hdus.map(({ kind }) => kind)).toEqual(["image", "image", "bintable", "table"]);
    expect(hdus[2]!.headerOffset).toBe(11_520 + junk.length);
    expect(warnings[0]).toContain("belong to no HDU");
  });

  it("an HDU is found after data that were not padded to a block", async () => {
    const { hdus } = await open(...four.slice(0, 2), data(4800).subarray(0, 4800), ...four.slice(3));
    expect(hdus.map(({ headerOffset }) => headerOffset)).toEqual([0, 2880, 10_560, 16_320]);
  });

  it("HDUs around a damaged one are listed on request", async () => {
    const broken = extension("IMAGE", 8, [9]);
    broken.set(latin1Bytes("BITPIX  =                   17"), 80);
    const bytes = concat(...four.slice(0, 3), broken, data(9), ...four.slice(3));
    const plain = await open(bytes);
    expect(plain.hdus).toHaveLength(2);
    expect(plain.error).toMatchObject({
      code: "FITS_CORRUPT",
      details: { hdu: 2, offset: 11_520, keyword: "BITPIX" },
    });
    const { hdus, damaged } = await openFits(new CountingSource(bytes), { recover: true });
    expect(hdus.map(({ index }) => index)).toEqual([0, 1, 3, 4]);
    expect(damaged).toMatchObject([{ index: 2, headerOffset: 11_520 }]);
  });

  it("headers without END are distinguished from those that are too long or cut short", async () => {
    const endless = extension("IMAGE", 8, [9]);
    endless.set(latin1Bytes("AND"), Buffer.from(endless).indexOf("END "));
    const { hdus, damaged } = await openFits(
      new CountingSource(concat(...four.slice(0, 1), endless, data(9), ...four.slice(3))),
      { recover: true },
    );
    expect(damaged.map(({ index, error: { code } }) => [index, code])).toEqual([[1, "FITS_CORRUPT"]]);
    expect(hdus.map(({ index, kind }) => [index, kind])).toEqual([
      [0, "image"],
      [2, "bintable"],
      [3, "table"],
    ]);
  });

  it.each([
    ["an empty file", new Uint8Array(0), "FITS_CORRUPT"],
    ["text", latin1Bytes("no FITS file, but longer than a card".repeat(5)), "FITS_CORRUPT"],
    ["no END", primary(8, []).fill(32, 240), "FITS_TRUNCATED"],
    [
      "NAXIS2 missing",
      headerBlock("SIMPLE  =                    T", card("BITPIX", 8), card("NAXIS", 2), card("NAXIS1", 1)),
      "FITS_CORRUPT",
    ],
    ["NAXIS1 negative", primary(8, [-5]), "FITS_CORRUPT"],
    ["BITPIX 12", primary(12, [5]), "FITS_CORRUPT"],
    ["more bytes than can be counted", primary(8, [2 ** 40, 2 ** 40]), "FITS_TOO_LARGE"],
  ])("a bad file is refused with a typed error: %s", async (_, bytes, code) =>
    expect(await codeOf(open(bytes))).toBe(code),
  );

  it("a header that declares 10^12 pixels costs nothing: the whole image is refused, a present section is planned, a missing one is FITS_TRUNCATED", async () => {
    const source = new CountingSource(concat(primary(16, [1_000_000, 1_000_000]), data(4_000_000)));
    const { hdus } = await openFits(source);
    const image = (await describeImage(source, hdus[0]!))!;
    const plan = (start: readonly number[], shape: readonly number[]) => () =>
      planSection(image, { start, shape });
    expect(plan([0, 0], [1_000_000, 1_000_000])).toThrow(expect.objectContaining({ code: "FITS_TOO_LARGE" }));
    expect(plan([0, 0], [1, 1_000_000])).toThrow(expect.objectContaining({ code: "FITS_TRUNCATED" }));
    expect(plan([5, 1], [10, 1])()).toMatchObject({ bytes: 20, ranges: [{ offset: 2_002_890, length: 20 }] });
    expect(plan([5, 900_000], [10, 10])).toThrow(expect.objectContaining({ code: "FITS_TRUNCATED" }));
  });
});
