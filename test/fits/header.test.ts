import { describe, expect, it } from "vitest";
import {
  endOfHeader,
  headerBytes,
  headerFlag,
  headerInteger,
  headerNumber,
  headerText,
  parseHeader,
} from "../../src/fits/header.ts";
import { latin1 } from "../../src/fits/latin1.ts";
import { valueCard } from "../../src/fits/write-card.ts";
import { cardBytes, headerBlock } from "./support/cards.ts";

const header = parseHeader(
  headerBlock(
    "WHOLE   =                   12",
    "REAL    =             1.25D+01",
    "TEXTNUM = ' 2.5E1 '",
    "HEX     = '0x10'",
    "UNBOUND = 'Infinity'",
    "HUGE    =               1E999",
    "LARGE   =  18446744073709551615",
    "FLAG    =                    T",
    "NAME    = '  padded  '",
    "BLANKED = '   '",
    "WHOLE   =                   13 / the first one counts",
    "COMMENT   WHOLE = 14",
  ),
);

describe("values of a header", () => {
  it("are numbers when they are, or are strings of decimal numbers", () => {
    const numbers = [
      "WHOLE",
      "REAL",
      "TEXTNUM",
      "HEX",
      "UNBOUND",
      "HUGE",
      "LARGE",
      "FLAG",
      "NAME",
      "MISSING",
    ];
    expect(numbers.map((keyword) => headerNumber(header, keyword))).toEqual([
      12,
      12.5,
      25,
      undefined,
      undefined,
      undefined,
      2 ** 64,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("are integers only when a double holds them", () => {
    const integers = ["WHOLE", "REAL", "TEXTNUM", "LARGE"].map((keyword) => headerInteger(header, keyword));
    expect(integers).toEqual([12, undefined, 25, undefined]);
  });

  it("are texts without blanks around, and flags", () => {
    expect(["NAME", "BLANKED", "WHOLE"].map((keyword) => headerText(header, keyword))).toEqual([
      "padded",
      undefined,
      undefined,
    ]);
    expect(["FLAG", "WHOLE"].map((keyword) => headerFlag(header, keyword))).toEqual([true, undefined]);
  });
});

describe("headers", () => {
  it("of 425 cards, as ATLAS has them, are read and written back byte for byte", () => {
    const lines = Array.from({ length: 424 }, (_, i) =>
      i % 7 === 0 ? `HISTORY step ${i}` : `KEY${i}`.padEnd(8).concat(`=  ${i}.50 / odd spacing  ${i}`),
    );
    const bytes = headerBlock(...lines);
    expect(bytes.length).toBe(12 * 2880);
    const { cards } = parseHeader(bytes);
    expect(cards).toHaveLength(424);
    expect(latin1(headerBytes(cards))).toBe(latin1(bytes));
  });

  it("are filled with blanks to whole blocks (FITS 4.0, 4.4.1)", () => {
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
  ])("end at a card '%s': byte %i", (text, end) => expect(endOfHeader(cardBytes(text))).toBe(end));
});
