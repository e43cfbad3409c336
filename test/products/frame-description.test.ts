import { describe, expect, it } from "vitest";
import type { Card } from "../../packages/fits/src/header/card.ts";
import {
  type Header,
  headerFromCards,
  headerNumber,
  headerText,
  parseHeader,
} from "../../packages/fits/src/header/header.ts";
import { realCard, valueCard } from "../../packages/fits/src/header/write-card.ts";
import type { StoredArray } from "../../packages/fits/src/read/physical-values.ts";
import { physicalValues } from "../../packages/fits/src/read/physical-values.ts";
import { memorySource } from "../../packages/fits/src/source/byte-source.ts";
import { emptyPrimary, imageHdu } from "../../packages/fits/src/write/write-image.ts";
import { card, concat, headerBlock } from "../../packages/fits/test/support/cards.ts";
import { describeFile } from "../../src/cli/inspect/describe-file.ts";
import { reportJson } from "../../src/cli/inspect/report.ts";
import { isSisError } from "../../src/errors/sis-error.ts";
import { describeFrame } from "../../src/products/frame-description.ts";
import { cutoutHeader } from "../../src/products/make/cutout/cutout-header.ts";
import { gnomonicCards, tiledFile } from "../support/inputs/made-fits.ts";

const SKY: readonly Card[] = [...gnomonicCards([150, 30], [5, 4], [-1 / 3600, 1 / 3600])];
const PIXELS = Int16Array.from({ length: 80 }, (_, i) => (i % 7 === 0 ? -32768 : i));
const FILE = { location: "/frame.fits", identity: { size: 0 } } as Parameters<typeof describeFrame>[1];
const inspect = (bytes: Uint8Array) =>
  describeFile(memorySource(bytes), "frame.fits", { statistics: true, sky: [], pixel: [] });

/** The description of the frame in a file, and the header of a cutout of all of it. */
async function described(bytes: Uint8Array) {
  const frame = await describeFrame(memorySource(bytes), FILE, 0);
  const box = { start: [0, 0], shape: frame.naxis } as const;
  const provenance = {
    id: "urn:x",
    place: { ra: 150, dec: 30, size: { text: "1arcmin" } },
    version: "0",
    sourceModifiedMs: Date.UTC(2026, 10, 24),
  };
  return { frame, header: parseHeader(cutoutHeader(frame.header, box, provenance)) };
}

/** An image file whose cards have the given value fields. */
function imageWith(fields: Readonly<Record<string, string>>): Uint8Array {
  const lines = SKY.filter(({ keyword }) => fields[keyword] === undefined).map(({ bytes }) =>
    Buffer.from(bytes).toString("latin1"),
  );
  const structure = ["SIMPLE  =                    T", card("BITPIX", 16), card("NAXIS", 2)];
  const axes = [card("NAXIS1", 10), card("NAXIS2", 8)];
  const given = Object.entries(fields).map(([keyword, field]) => card(keyword, field));
  return concat(headerBlock(...structure, ...axes, ...lines, ...given), new Uint8Array(2880));
}

describe("a card that is present and cannot be read", () => {
  it.each([
    ["CRVAL1", "'10:00:00.0'", "WCS_INVALID"],
    ["CRPIX1A", "NaN", "WCS_INVALID"],
    ["BSCALE", "0,5", "FITS_CORRUPT"],
    ["BZERO", "'32768 '", undefined],
    ["BZERO", "NaN", "FITS_CORRUPT"],
    ["BLANK", "1.5.0", "FITS_CORRUPT"],
  ])("the card %s = %s is refused by service and inspect alike: %s", async (keyword, field, code) => {
    const bytes = imageWith({ [keyword]: field });
    const failure = await describeFrame(memorySource(bytes), FILE, 0).catch((error: unknown) => error);
    if (code === undefined) return expect(isSisError(failure)).toBe(false);
    expect(failure).toMatchObject({
      code,
      message: expect.stringContaining(`${keyword} = ${field} cannot be read`),
    });
    const { hdus } = await inspect(bytes);
    const said = [...hdus[0]!.warnings, hdus[0]!.error?.message ?? ""].join("\n");
    if (keyword !== "CRPIX1A") expect(said).toContain(`${keyword} = ${field} cannot be read`);
  });

  it("a BLANK that is not an integer is refused", async () => {
    await expect(describeFrame(memorySource(imageWith({ BLANK: "0.5" })), FILE, 0)).rejects.toThrow(
      "BLANK = 0.5 is not a whole number",
    );
  });

  it.each(["5", "/ not known", "NaN"])(
    "DATE-OBS = %s does not prevent cutouts: they have no MJD-OBS",
    async (field) => {
      const { header } = await described(imageWith({ "DATE-OBS": field }));
      expect(["DATE-OBS", "MJD-OBS"].map((keyword) => header.index.has(keyword))).toEqual([true, false]);
    },
  );

  it("an unreadable card does not prevent a picture of a frame without a coordinate system", async () => {
    const bytes = imageWith({ CTYPE1: "''", CTYPE2: "''", CRPIX1: "NaN" });
    expect((await describeFrame(memorySource(bytes), FILE, 0)).sky).toBeUndefined();
  });
});

describe("BLANK", () => {
  it("BLANK is in cutouts of a compressed image that has only ZBLANK (Pan-STARRS; as astropy reads it)", async () => {
    const cards = [...SKY, valueCard("XBLANK", -32768)];
    const bytes = await tiledFile({ naxis: [10, 8], bitpix: 16, codec: "RICE_1", cards }, PIXELS);
    // The writer writes no ZBLANK for integers.
    bytes[Buffer.from(bytes).indexOf("XBLANK")] = "Z".charCodeAt(0);
    const { frame, header } = await described(bytes);
    expect(frame.image.blank).toBe(-32768);
    expect(headerNumber(header, "BLANK")).toBe(-32768);
  });

  it("a 64-bit BLANK beyond 2^53 means no value, and its neighbours are values (astropy: NaN only for BLANK)", async () => {
    const lowest = -(2n ** 63n);
    const pixels = BigInt64Array.from({ length: 80 }, (_, i) =>
      i < 3 ? lowest : i < 5 ? lowest + 1n : BigInt(i),
    );
    const bytes = imageHdu({ naxis: [10, 8], pixels, cards: [...SKY, valueCard("BLANK", lowest)] });
    const { frame, header } = await described(bytes);
    expect(frame.image.blank).toBe(lowest);
    const values = physicalValues(frame.image, pixels) as Float64Array;
    expect(Array.from(values.subarray(0, 6))).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      -(2 ** 63),
      -(2 ** 63),
      5,
    ]);
    expect(header.index.get("BLANK")?.value).toBe(lowest);
    const report = reportJson(await inspect(bytes));
    expect(report).toContain('"blank":-9223372036854775808');
    expect(JSON.parse(report).hdus[0].statistics).toMatchObject({ blank: 3, min: -(2 ** 63), max: 79 });
  });
});

describe("INHERIT = T (FITS 4.0, 4.4.2.6, and the registered INHERIT convention)", () => {
  const primary = (cards: readonly Card[]) =>
    headerBlock(
      ...["SIMPLE  =                    T", card("BITPIX", 8), card("NAXIS", 0)],
      ...cards.map(text),
    );
  const text = ({ bytes }: Card) => Buffer.from(bytes).toString("latin1");
  const common = [
    valueCard("RADESYS", "FK4"),
    realCard("EQUINOX", 1950),
    valueCard("DATE-OBS", "1999-10-09"),
    realCard("EXPTIME", 30),
    realCard("CRVAL1", 10),
    realCard("BZERO", 7),
    valueCard("CHECKSUM", "abc"),
  ];
  const extension = (inherit: boolean) =>
    imageHdu({
      naxis: [10, 8],
      pixels: PIXELS as StoredArray,
      cards: [valueCard("INHERIT", inherit), ...SKY],
      kind: "extension",
    });

  it("INHERIT = T gives the frame of the primary header to service and inspect alike", async () => {
    const bytes = concat(primary(common), extension(true));
    const { frame } = await described(bytes);
    expect(frame.sky?.wcs.frame).toMatchObject({ system: "FK4", equinox: 1950 });
    expect(frame.sky?.wcs.crval).toEqual([150, 30]);
    const [, inspected] = (await inspect(bytes)).hdus;
    expect(inspected?.wcs?.footprint).toEqual(frame.sky?.footprint);
  });

  it("INHERIT = T puts what was inherited into the cutout, but nothing about structure and scaling", async () => {
    const { header } = await described(concat(primary(common), extension(true)));
    expect(["RADESYS", "DATE-OBS"].map((keyword) => headerText(header, keyword))).toEqual([
      "FK4",
      "1999-10-09",
    ]);
    expect(
      ["EXPTIME", "EQUINOX", "CRVAL1", "BITPIX"].map((keyword) => headerNumber(header, keyword)),
    ).toEqual([30, 1950, 150, 16]);
    expect(["BZERO", "CHECKSUM", "INHERIT"].filter((keyword) => header.index.has(keyword))).toEqual([]);
    expect(countOf(header, "CRVAL1")).toBe(1);
  });

  it("INHERIT = T lets an extension whose axes are named in the primary header be the frame", async () => {
    const bare = imageHdu({
      naxis: [10, 8],
      pixels: PIXELS,
      cards: [valueCard("INHERIT", true)],
      kind: "extension",
    });
    const { frame } = await described(concat(primary(SKY), bare));
    expect([frame.hdu, frame.sky?.wcs.crval]).toEqual([1, [150, 30]]);
  });

  it("INHERIT = F or absent inherits nothing; another value is refused", async () => {
    const { frame, header } = await described(concat(primary(common), extension(false)));
    expect(frame.sky?.wcs.frame.system).toBe("ICRS");
    expect(header.index.has("EXPTIME")).toBe(false);
    const odd = imageHdu({
      naxis: [10, 8],
      pixels: PIXELS,
      cards: [valueCard("INHERIT", "yes")],
      kind: "extension",
    });
    await expect(described(concat(emptyPrimary(), odd))).rejects.toThrow(
      "INHERIT = 'yes' is not a logical value",
    );
  });
});

function countOf({ cards }: Header, keyword: string): number {
  return cards.filter((each) => each.keyword === keyword).length;
}

describe("a header padded with NUL bytes (astropy: 'null bytes instead of spaces for padding')", () => {
  it.each([0, 1])(
    "a header with NUL bytes after END and in its cards is read as if with blanks, with a warning (HDU %i)",
    async (index) => {
      const whole = imageHdu({
        naxis: [10, 8],
        pixels: PIXELS,
        cards: SKY,
        ...(index === 1 && { kind: "extension" as const }),
      });
      const bytes = index === 0 ? whole : concat(emptyPrimary(), whole);
      const start = index * 2880;
      const blanks = bytes.slice();
      let trailing = true;
      for (let i = start + 2879; i >= start; i--) {
        if (i % 80 === 79) trailing = true;
        if (bytes[i] !== 32) trailing = false;
        else if (trailing) bytes[i] = 0;
      }
      expect(bytes).not.toEqual(blanks);
      const report = await inspect(bytes);
      expect(report.warnings).toEqual([
        `the header of HDU ${index} has NUL bytes where blanks belong; they are read as blanks`,
      ]);
      const { size: _, file: __, warnings: ___, ...rest } = report;
      expect(rest).toEqual({ hdus: (await inspect(blanks)).hdus });
      const { header } = await described(bytes);
      expect(header.cards.map(({ bytes: cardBytes }) => cardBytes.includes(0))).not.toContain(true);
      expect(headerFromCards(header.cards).index.get("CRVAL1")?.value).toBe(150);
    },
  );
});

describe("infinite pixels", () => {
  it("infinite pixels differ from missing statistics in the JSON of inspect", async () => {
    const pixels = new Float32Array(80).fill(1);
    pixels[0] = Number.NEGATIVE_INFINITY;
    pixels[1] = Number.POSITIVE_INFINITY;
    const report = JSON.parse(reportJson(await inspect(imageHdu({ naxis: [10, 8], pixels, cards: SKY }))));
    expect(report.hdus[0].statistics).toMatchObject({
      min: "-Infinity",
      max: "Infinity",
      sum: "NaN",
      first: "-Infinity",
    });
    const none = JSON.parse(
      reportJson(await inspect(imageHdu({ naxis: [10, 8], pixels: pixels.fill(Number.NaN) }))),
    );
    expect(none.hdus[0].statistics).toMatchObject({ min: null, max: null, first: null, blank: 80 });
  });
});
