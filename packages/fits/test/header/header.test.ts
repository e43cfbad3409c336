import { describe, expect, it } from "vitest";
import type { SisError } from "../../../../src/errors/sis-error.ts";
import { latin1 } from "../../src/header/card.ts";
import {
  endOfHeader,
  headerBytes,
  headerFlag,
  headerInteger,
  headerLongInteger,
  headerNumber,
  headerText,
  parseHeader,
} from "../../src/header/header.ts";
import { valueCard } from "../../src/header/write-card.ts";
import { cardBytes, headerBlock } from "../support/cards.ts";

const header = parseHeader(
  headerBlock(
    "WHOLE   =                   12",
    "REAL    =             1.25D+01",
    "TEXTNUM = ' 2.5E1 '",
    "HEX     = '0x10'",
    "UNBOUND = 'Infinity'",
    "HUGE    =               1E999",
    "LARGE   =  18446744073709551615",
    "LOWEST  = '-9223372036854775808'",
    "LOWER   =               1.5d-02",
    "COMMA   =                  0,5 / decimal comma",
    "NAN     =                  NaN",
    "WORDS   =           10 00 00.0 / sexagesimal",
    "UNIT    =         30.0 seconds",
    "COMPLEX =               (1, 2)",
    "EMPTY   =                      / undefined",
    `DIGITS  = ${"1".repeat(70)}`,
    "FLAG    =                    T",
    "NAME    = '  padded  '",
    "BLANKED = '   '",
    "WHOLE   =                   13 / the first one counts",
    "COMMENT   WHOLE = 14",
  ),
);

const WHY = {
  HEX: "HEX = '0x10' cannot be read",
  UNBOUND: "UNBOUND = 'Infinity' cannot be read",
  HUGE: "HUGE = 1E999 cannot be read",
  FLAG: "FLAG = T cannot be read",
  NAME: "NAME = '  padded' cannot be read",
  COMMA: "COMMA = 0,5 cannot be read",
  NAN: "NAN = NaN cannot be read",
  WORDS: "WORDS = 10 00 00.0 cannot be read",
  UNIT: "UNIT = 30.0 seconds cannot be read",
  COMPLEX: "COMPLEX = (1, 2) cannot be read",
  EMPTY: "EMPTY has no value",
} as const;

/** The value, or the error message. */
function reading<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    return `${(error as SisError).code}: ${(error as SisError).message}`;
  }
}

describe("values of header cards", () => {
  it("header numbers may be strings of decimal numbers, as in cfitsio", () => {
    const numbers = ["WHOLE", "REAL", "LOWER", "TEXTNUM", "LARGE", "DIGITS", "MISSING"];
    const values = numbers.map((keyword) => headerNumber(header, keyword));
    expect(values).toEqual([12, 12.5, 0.015, 25, 2 ** 64, Number("1".repeat(70)), undefined]);
  });

  it.each(Object.entries(WHY))(
    "a header value that is not a number is refused by name: %s",
    (keyword, why) => {
      expect(reading(() => headerNumber(header, keyword))).toBe(`FITS_CORRUPT: ${why}`);
    },
  );

  it("an integer that a double cannot represent is refused by headerInteger and read as a bigint", () => {
    const integers = ["WHOLE", "REAL", "TEXTNUM", "LARGE"].map((keyword) =>
      reading(() => headerInteger(header, keyword)),
    );
    expect(integers).toEqual([
      12,
      "FITS_CORRUPT: REAL = 12.5 is not a whole number below 2^53",
      25,
      "FITS_CORRUPT: LARGE = 18446744073709551615 is not a whole number below 2^53",
    ]);
    expect(headerLongInteger(header, "LARGE")).toBe(18446744073709551615n);
    expect(headerLongInteger(header, "LOWEST")).toBe(-(2n ** 63n));
    expect(headerLongInteger(header, "WHOLE")).toBe(12);
    expect(reading(() => headerLongInteger(header, "REAL"))).toBe(
      "FITS_CORRUPT: REAL = 12.5 is not a whole number",
    );
  });

  it("header texts are trimmed, flags are read, and a card of another type is refused", () => {
    const texts = ["NAME", "BLANKED", "MISSING", "WHOLE"].map((keyword) =>
      reading(() => headerText(header, keyword)),
    );
    expect(texts).toEqual(["padded", undefined, undefined, "FITS_CORRUPT: WHOLE = 12 is not a string"]);
    const flags = ["FLAG", "MISSING", "NAME"].map((keyword) => reading(() => headerFlag(header, keyword)));
    expect(flags).toEqual([true, undefined, "FITS_CORRUPT: NAME = '  padded' is not a logical value"]);
  });
});

describe("reading and writing headers", () => {
  it("a header of 425 cards, as in ATLAS images, is read and written back byte for byte", () => {
    const lines = Array.from({ length: 424 }, (_, i) =>
      i % 7 === 0 ? `HISTORY step ${i}` : `KEY${i}`.padEnd(8).concat(`=  ${i}.50 / odd spacing  ${i}`),
    );
    const bytes = headerBlock(...lines);
    expect(bytes.length).toBe(12 * 2880);
    const { cards } = parseHeader(bytes);
    expect(cards).toHaveLength(424);
    expect(latin1(headerBytes(cards))).toBe(latin1(bytes));
  });

  it("headers are padded with blanks to whole blocks (FITS 4.0, 4.4.1)", () => {
    for (const [cards, blocks] of [
      [0, 1],
      [35, 1],
      [36, 2],
    ] as const) {
      const written = headerBytes(Array.from({ length: cards }, (_, i) => valueCard(`K${i}`, i)));
      expect(written.length).toBe(blocks * 2880);
      expect(endOfHeader(written)).toBe((cards + 1) * 80);
    }
  });

  it.each([
    ["END", 80],
    ["end", 80],
    ["END     with text behind it", 80],
    ["END     = 5", -1],
    ["ENDING", -1],
    ["EN", -1],
  ])("a header with the card '%s' ends at byte %i", (text, end) =>
    expect(endOfHeader(cardBytes(text))).toBe(end),
  );
});
