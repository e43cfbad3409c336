import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { dataSum } from "../../../packages/fits/src/file/checksum.ts";
import { openFits } from "../../../packages/fits/src/file/fits-file.ts";
import type { Card } from "../../../packages/fits/src/header/card.ts";
import { latin1Bytes } from "../../../packages/fits/src/header/card.ts";
import { headerNumber, headerText, parseHeader } from "../../../packages/fits/src/header/header.ts";
import { imageHeader } from "../../../packages/fits/src/header/image-header.ts";
import { commentCards, realCard, valueCard } from "../../../packages/fits/src/header/write-card.ts";
import type { StoredArray } from "../../../packages/fits/src/read/physical-values.ts";
import { bitpixOf, imageHdu } from "../../../packages/fits/src/write/write-image.ts";
import { bytesSource, pixelsIn, tiledFile } from "../../support/inputs/made-fits.ts";
import { seeded } from "../../support/inputs/sky-frames.ts";
import {
  cutoutUrl,
  imageAt,
  lid,
  type ProductApp,
  productApp,
  tanCards,
} from "../../support/products/product-app.ts";

const NX = 120;
const NY = 90;
const folder = mkdtempSync(join(tmpdir(), "sis-forms-"));
const cards: readonly Card[] = [
  ...tanCards(61, 46),
  valueCard("DATE-OBS", "2021-04-02T05:00:00"),
  realCard("EXPTIME", 30),
  valueCard("FILTER", "o"),
  valueCard("BUNIT", "adu"),
  valueCard("OBSERVER", "someone"),
  valueCard("CTYPE1A", "GLON-TAN"),
  ...commentCards("COMMENT", "a note"),
];
const random = seeded(8);
/** Noise of sigma 20 (sums of 12 uniform numbers) around 3000, with a star in the middle. */
const sky = Float64Array.from({ length: NX * NY }, (_, i) => {
  let sum = 0;
  for (let k = 0; k < 12; k++) sum += random();
  return 3000 + 20 * (sum - 6) + (i === NX * 45 + 60 ? 20_000 : 0);
});
const integers = Int16Array.from({ length: NX * NY }, (_, i) => Math.round(sky[i]!) - 32_768);
const floats = Float32Array.from({ length: NX * NY }, (_, i) => (i % 97 === 0 ? 0 : sky[i]!));
floats.fill(Number.NaN, NX * 40 + 50, NX * 40 + 60);

const unsigned = [...cards, valueCard("BSCALE", 1), valueCard("BZERO", 32_768)];
const FILES: Readonly<Record<string, { readonly pixels: StoredArray; readonly cards: readonly Card[] }>> = {
  "int16.fits": { pixels: integers, cards: unsigned },
  "uint8.fits": { pixels: Uint8Array.from(integers, (value) => value & 255), cards },
  "int32.fits": {
    pixels: Int32Array.from(integers, (value) => value * 7),
    cards: [...cards, valueCard("BLANK", -1)],
  },
  "int64.fits": { pixels: BigInt64Array.from(integers, BigInt), cards },
  "float32.fits": { pixels: floats, cards },
  "float64.fits": { pixels: Float64Array.from(floats), cards },
};

let service: ProductApp;
const get = (url: string) => service.app.inject({ url });
const bytesOf = async (url: string) => {
  const answer = await get(url);
  expect(answer.statusCode, answer.payload.slice(0, 300)).toBe(200);
  return new Uint8Array(answer.rawPayload);
};
/** The image of a packed cutout: its restored header and its pixels. */
async function unpacked(bytes: Uint8Array) {
  const { hdus } = await openFits(bytesSource(bytes));
  expect(hdus).toHaveLength(2);
  return { header: imageHeader(hdus[1]!), table: hdus[1]!.header, pixels: await pixelsIn(bytes, 1) };
}
const linesOf = (text: string) => {
  expect(text.endsWith("\n")).toBe(true);
  return text.slice(0, -1).split("\n");
};
const cardLines = (bytes: Uint8Array) =>
  parseHeader(bytes).cards.flatMap(
    (card) => Buffer.from(card.bytes).toString("latin1").match(/.{80}/g) ?? [],
  );

beforeAll(async () => {
  const write = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes);
  for (const [name, { pixels, cards }] of Object.entries(FILES))
    write(name, imageHdu({ naxis: [NX, NY], pixels, cards }));
  const packed = (
    pixels: StoredArray,
    cards: readonly Card[],
    kind: "primary" | "extension",
    level?: number,
  ) =>
    tiledFile(
      {
        naxis: [NX, NY],
        bitpix: bitpixOf(pixels),
        codec: "RICE_1",
        kind,
        cards,
        ...(level !== undefined && { quantization: { level, method: "SUBTRACTIVE_DITHER_1" } }),
      },
      pixels,
    );
  write("was-primary.fits.fz", await packed(integers, unsigned, "primary"));
  write(
    "was-extension.fits.fz",
    await packed(integers, [valueCard("EXTNAME", "SCI"), ...unsigned], "extension"),
  );
  write("quantized.fits.fz", await packed(floats, cards, "primary", 4));
  write(
    "nowhere.fits",
    imageHdu({ naxis: [2, 2], pixels: new Uint8Array(4), cards: [valueCard("OBJECT", "flat")] }),
  );
  const odd = [valueCard("CTYPE1", "RA---XYZ"), valueCard("CTYPE2", "DEC--XYZ"), valueCard("CRVAL1", "here")];
  write("odd-sky.fits", imageHdu({ naxis: [2, 2], pixels: new Uint8Array(4), cards: odd }));
  const text = latin1Bytes("OBSERVER= 'J\u00f6rg \u001b[31m'".padEnd(80));
  const foreign: Card = { keyword: "OBSERVER", kind: "value", bytes: text };
  const long = valueCard("LONGCARD", "x".repeat(100));
  write("foreign.fits", imageHdu({ naxis: [2, 2], pixels: new Uint8Array(4), cards: [foreign, long] }));
  const names = [
    ...Object.keys(FILES),
    ...["was-primary.fits.fz", "was-extension.fits.fz", "quantized.fits.fz", "nowhere.fits", "odd-sky.fits"],
    ...["foreign.fits"],
  ];
  const images = names.map((name) => imageAt(name, pathToFileURL(join(folder, name)).href));
  service = await productApp(images, { SBNSIS_CUTOUT_CACHE: join(folder, "cache") });
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

describe("format=header", () => {
  test("format=header gives the cards of a plain file, one line of 80 characters for each, up to END", async () => {
    const answer = await get(`/images/${lid("int16.fits")}?format=header`);
    expect(answer.headers["content-type"]).toBe("text/plain");
    expect(answer.headers["content-disposition"]).toBe('inline; filename="int16.txt"');
    const lines = linesOf(answer.payload);
    expect(lines.at(-1)).toBe("END".padEnd(80));
    expect(lines.slice(0, -1)).toEqual(cardLines(readFileSync(join(folder, "int16.fits"))));
  });

  test.each([
    ["was-primary.fits.fz", "SIMPLE  =                    T"],
    ["was-extension.fits.fz", "XTENSION= 'IMAGE   '"],
  ])(
    "format=header of the compressed %s is the header of its image, as funpack restores it",
    async (name, first) => {
      const lines = linesOf((await get(`/images/${lid(name)}?format=header`)).payload);
      expect(lines[0]).toContain(first);
      const header = parseHeader(latin1Bytes(lines.join("")));
      expect(
        ["BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "BZERO"].map((each) => headerNumber(header, each)),
      ).toEqual([...[16, 2, NX, NY, 32_768]]);
      expect(header.cards.filter(({ keyword }) => /^(?:Z|TFORM|TTYPE)/.test(keyword))).toEqual([]);
      expect(lines).toEqual(
        expect.arrayContaining(cardLines(readFileSync(join(folder, "int16.fits"))).slice(6, -2)),
      );
    },
  );

  test("format=header shows headers without a coordinate system, and with one that cannot be used", async () => {
    for (const [name, text] of [
      ["nowhere.fits", "OBJECT  = 'flat"],
      ["odd-sky.fits", "CRVAL1  = 'here"],
    ] as const) {
      const answer = await get(`/images/${lid(name)}?format=header`);
      expect(answer.statusCode).toBe(200);
      expect(answer.payload).toContain(text);
    }
    expect((await get(`/images/${lid("odd-sky.fits")}?format=jpeg`)).statusCode).not.toBe(200);
  });

  test("format=header shows bytes other than printable ASCII as ?, and every card of a continued string", async () => {
    const { payload } = await get(`/images/${lid("foreign.fits")}?format=header`);
    expect(payload).toContain("OBSERVER= 'J?rg ?[31m'".padEnd(80));
    expect(payload).toMatch(/\nLONGCARD= 'x{67}&'.*\nCONTINUE {2}'x{33}'/);
    for (const line of linesOf(payload)) expect(line).toMatch(/^[ -~]{80}$/);
  });

  test.each(["", "&header=minimal"])(
    "format=header of a cutout is the header of the FITS cutout, checksums included (%s)",
    async (form) => {
      const text = await get(cutoutUrl("int16.fits", 31, `&format=header${form}`));
      const file = await bytesOf(cutoutUrl("int16.fits", 31, `&format=fits${form}`));
      expect(linesOf(text.payload).slice(0, -1)).toEqual(cardLines(file));
      expect(text.payload).toContain("CHECKSUM= '");
    },
  );
});

describe("pack=rice", () => {
  test.each(["int16.fits", "uint8.fits", "int32.fits"])(
    "a packed cutout of %s has the pixels and the header of the plain one, with valid checksums",
    async (name) => {
      const plain = await bytesOf(cutoutUrl(name, 61));
      const packed = await bytesOf(cutoutUrl(name, 61, "&pack=rice"));
      const { header, table, pixels } = await unpacked(packed);
      expect(headerText(table, "ZCMPTYPE")).toBe("RICE_1");
      expect(pixels).toEqual(await pixelsIn(plain, 0));
      const own = (lines: readonly string[]) =>
        lines.filter((line) => !/^(?:SIMPLE|EXTEND|XTENSION|CHECKSUM|DATASUM|NAXIS|BITPIX)/.test(line));
      const restored = header.cards.map((card) => Buffer.from(card.bytes).toString("latin1"));
      expect(own(restored)).toEqual(own(cardLines(plain)));
      expect([dataSum(packed.subarray(0, 2880)), dataSum(packed.subarray(2880))]).toEqual([
        0xffffffff, 0xffffffff,
      ]);
    },
  );

  test("a packed cutout is saved as .fits.fz, and is another product than the plain one", async () => {
    const [plain, packed] = [
      await get(cutoutUrl("int16.fits", 41)),
      await get(cutoutUrl("int16.fits", 41, "&pack=rice")),
    ];
    expect(packed.headers["content-type"]).toBe("image/fits");
    expect(packed.headers["content-disposition"]).toBe(
      'inline; filename="int16_150.00000+20.00000_41arcsec.fits.fz"',
    );
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
    const none = await get(cutoutUrl("int16.fits", 41, "&pack=none&header=full"));
    expect(none.headers.etag).toBe(plain.headers.etag);
  });

  test.each(["float32.fits", "float64.fits"])(
    "a packed cutout of %s differs from it by at most half a step of noise/16; NaN and 0 are kept",
    async (name) => {
      const plain = await pixelsIn(await bytesOf(cutoutUrl(name, 81)), 0);
      const { pixels, table } = await unpacked(await bytesOf(cutoutUrl(name, 81, "&pack=rice")));
      expect(headerText(table, "ZQUANTIZ")).toBe("SUBTRACTIVE_DITHER_2");
      let most = 0;
      for (const [i, value] of (plain as Float32Array).entries()) {
        const got = Number(pixels[i]);
        if (Number.isNaN(value)) expect(got).toBeNaN();
        else if (value === 0) expect(got).toBe(0);
        else most = Math.max(most, Math.abs(got - value));
      }
      expect(most).toBeGreaterThan(0.1);
      expect(most).toBeLessThan(1);
    },
  );

  test("a packed cutout of quantized floats is quantized in the step of its source, and says so", async () => {
    const plain = await pixelsIn(await bytesOf(cutoutUrl("quantized.fits.fz", 51)), 0);
    const { header, pixels } = await unpacked(
      await bytesOf(cutoutUrl("quantized.fits.fz", 51, "&pack=rice")),
    );
    const note = header.cards.map(({ comment = "" }) => comment).find((text) => /quantized/.test(text))!;
    const step = Number(/steps of ([\d.e-]+),/.exec(note)?.[1]);
    // noise/4 of about 20
    expect(step).toBeGreaterThan(2);
    expect(step).toBeLessThan(7);
    for (const [i, value] of (plain as Float32Array).entries())
      if (!Number.isNaN(value))
        expect(Math.abs(Number(pixels[i]) - value)).toBeLessThanOrEqual(step / 2 + 1e-3);
  });

  test("pack=rice is refused for integers of 64 bits, with the remedy", async () => {
    const answer = await get(cutoutUrl("int64.fits", 21, "&pack=rice"));
    expect(answer.statusCode).toBe(501);
    expect(answer.json()).toMatchObject({ code: "FITS_UNSUPPORTED" });
    expect((await get(cutoutUrl("int64.fits", 21))).statusCode).toBe(200);
  });
});

describe("header=minimal", () => {
  it("header=minimal keeps structure, primary coordinate system, time, exposure, filter, unit and identifier", async () => {
    const names = parseHeader(await bytesOf(cutoutUrl("int16.fits", 31, "&header=minimal"))).cards.map(
      ({ keyword }) => keyword,
    );
    expect(names).toEqual([
      ...["SIMPLE", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2"],
      ...["CTYPE1", "CTYPE2", "CRVAL1", "CRVAL2", "CRPIX1", "CRPIX2", "CD1_1", "CD1_2", "CD2_1", "CD2_2"],
      ...[
        "DATE-OBS",
        "EXPTIME",
        "FILTER",
        "BUNIT",
        "BSCALE",
        "BZERO",
        "MJD-OBS",
        "SIS-OID",
        "DATASUM",
        "CHECKSUM",
      ],
    ]);
  });

  it("a packed cutout with a minimal header has the pixels and the coordinate system of the plain one", async () => {
    const plain = await bytesOf(cutoutUrl("int16.fits", 41));
    const { header, pixels } = await unpacked(
      await bytesOf(cutoutUrl("int16.fits", 41, "&pack=rice&header=minimal")),
    );
    expect(pixels).toEqual(await pixelsIn(plain, 0));
    const full = parseHeader(plain);
    for (const keyword of ["CRPIX1", "CRPIX2", "CRVAL1", "CD1_1", "CD2_2", "BZERO"])
      expect(headerNumber(header, keyword)).toBe(headerNumber(full, keyword));
  });
});

const frame = `/images/${lid("int16.fits")}`;
const place = "ra=150&dec=20&size=21arcsec";

test.each([
  [`${frame}?pack=rice`, "pack", "only together with format=fits and ra, dec, size"],
  [`${frame}?${place}&pack=rice&format=png`, "pack", "only together with format=fits"],
  [`${frame}?${place}&pack=rice&format=header`, "pack", "only together with format=fits"],
  [`${frame}?${place}&pack=gzip`, "pack", "none, rice"],
  [`${frame}?header=minimal`, "header", "only together with format=fits or format=header, and ra, dec, size"],
  [`${frame}?header=minimal&format=header`, "header", "ra, dec, size"],
  [`${frame}?${place}&header=minimal&format=jpeg`, "header", "format=fits or format=header"],
  [`${frame}?${place}&header=short`, "header", "full, minimal"],
  [`${frame}?${place}&format=header&stretch=log`, "stretch", "only together with format=jpeg, png"],
])("the request %s is refused by the name of the parameter", async (url, parameter, says) => {
  const answer = await get(url);
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ code: "INVALID_PARAMETER", parameter });
  expect(answer.json().detail).toContain(says);
});

test("quick=true gives a picture of the whole image in the requested width, with its own cache key", async () => {
  const sizes = [];
  for (const query of ["&quick=true&width=60", "&width=60", "&quick=true&width=60&align=true"]) {
    const answer = await get(`${frame}?format=png${query}`);
    expect(answer.statusCode).toBe(200);
    const png = answer.rawPayload;
    sizes.push([png.readUInt32BE(16), png.readUInt32BE(20), answer.headers.etag]);
    expect(png.toString("latin1")).toContain("Spatial.Scale");
  }
  expect(sizes.map(([width, height]) => [width, height])).toEqual([
    [60, 45],
    [60, 45],
    [60, 45],
  ]);
  expect(new Set(sizes.map(([, , etag]) => etag)).size).toBe(3);
});
