import { describe, expect, it } from "vitest";
import { type Card, type CardValue, latin1, parseCards } from "../../src/header/card.ts";
import { commentCards, realCard, valueCard } from "../../src/header/write-card.ts";
import { cardBytes, concat } from "../support/cards.ts";

const only = (...cards: readonly string[]): Card => {
  const parsed = parseCards(cardBytes(...cards));
  expect(parsed).toHaveLength(1);
  return parsed[0]!;
};

/** Source of each; card; keyword; value; comment. */
const VALUES: readonly (readonly [string, string, string, CardValue | undefined, string | undefined])[] = [
  ["FITS 4.0, 4.2.1.1", "KEYWORD1= ''                   / null string", "KEYWORD1", "", "null string"],
  ["FITS 4.0, 4.2.1.1", "KEYWORD2= '  '                 / empty string", "KEYWORD2", "", "empty string"],
  ["FITS 4.0, 4.2.1.1", "KEYWORD3=", "KEYWORD3", undefined, undefined],
  ["FITS 4.0, 4.2.1.1", "KEYWORD = 'O''HARA'", "KEYWORD", "O'HARA", undefined],
  ["FITS 4.0, 4.2.1.1: leading blanks count", "RIGHT   = '   deg'", "RIGHT", "   deg", undefined],
  ["ATLAS: right-justified", "FILTER  = '       o'           / filter", "FILTER", "       o", "filter"],
  ["ATLAS: shorter than 8", "RADESYS = 'FK5'", "RADESYS", "FK5", undefined],
  ["a slash in a string", "UNITS   = 'erg/s/cm2' / flux / area", "UNITS", "erg/s/cm2", "flux / area"],
  ["FITS 4.0, 4.2.2", "SIMPLE  =                    T / yes", "SIMPLE", true, "yes"],
  ["logical in free format, lower case", "DONE    = f", "DONE", false, undefined],
  ["FITS 4.0, 4.2.3", "NAXIS   =                    2", "NAXIS", 2, undefined],
  ["sign and leading zeros", "OFFSET  =                -0042", "OFFSET", -42, undefined],
  [
    "integer of 19 digits",
    "BZERO   =  9223372036854775808 / uint64",
    "BZERO",
    9_223_372_036_854_775_808n,
    "uint64",
  ],
  ["safe integers stay numbers", "BIG     =     9007199254740991", "BIG", 9_007_199_254_740_991, undefined],
  ["FITS 4.0, 4.2.4: D exponent", "CRVAL1  =  1.7754D+02", "CRVAL1", 177.54, undefined],
  ["lower-case exponents", "SCALE   =  2.5e-3 / and", "SCALE", 0.0025, "and"],
  ["lower-case D", "SCALE   =  -2.5d3", "SCALE", -2500, undefined],
  ["no digit before or behind the point", "HALF    =                   .5", "HALF", 0.5, undefined],
  ["no digit behind the point", "ONE     =                   1.", "ONE", 1, undefined],
  ["a blank behind the sign, 1980s", "DEC     = - 12.5", "DEC", -12.5, undefined],
  ["FITS 4.0, 4.2.6: complex", "VISIB   = (1.5, -2D1) / jy", "VISIB", { real: 1.5, imaginary: -20 }, "jy"],
  ["lower-case keyword", "exptime =                 30.0", "EXPTIME", 30, undefined],
  ["no blank behind =", "NAXIS1  =4080", "NAXIS1", 4080, undefined],
  ["no blanks before =", "GAIN=1.5 / e/adu", "GAIN", 1.5, "e/adu"],
  ["= in column 8", "LONGKEY=               3", "LONGKEY", 3, undefined],
  ["no blank before the slash", "NAXIS2  = 4080/rows", "NAXIS2", 4080, "rows"],
  ["trailing garbage", "BITPIX  =                   16 bits per pixel", "BITPIX", 16, undefined],
  ["a value that is none", "AIRMASS = nan / no", "AIRMASS", undefined, "no"],
  ["Catalina", "DATE-MID= '2021-09-07T09:30:43 / UTC", "DATE-MID", "2021-09-07T09:30:43", "UTC"],
  ["no closing quote, no comment", "OBJECT  = 'Vesta", "OBJECT", "Vesta", undefined],
  ["a keyword with a dot", "DATE.OBS= '1987-01-02'", "DATE.OBS", "1987-01-02", undefined],
  ["ESO", "HIERARCH ESO DET ID = 'CCID20' / det", "HIERARCH ESO DET ID", "CCID20", "det"],
  ["ESO without blanks", "HIERARCH eso  tel alt=45.5", "HIERARCH ESO TEL ALT", 45.5, undefined],
];

describe("parsing and writing cards", () => {
  it.each(VALUES)(
    "a value card is parsed as in FITS 4.0 and in real files: %s: %s",
    (_, text, keyword, value, comment) => {
      const card = only(text);
      expect(card.kind).toBe("value");
      expect(card.keyword).toBe(keyword);
      expect(card.value).toEqual(value);
      expect(card.comment).toBe(comment);
    },
  );

  it.each([
    ["COMMENT", "COMMENT  = is no value here", " = is no value here"],
    ["HISTORY", "HISTORY = fpack", "= fpack"],
    ["", "         some text", " some text"],
    ["HIERARCH", "HIERARCH no value indicator", " no value indicator"],
    ["FREETEXT", "FREETEXT behind a keyword", " behind a keyword"],
  ])("a card without value indicator is text: '%s'", (keyword, text, comment) => {
    expect(only(text)).toMatchObject({ kind: "text", keyword, comment });
  });

  it("CONTINUE cards are joined (FITS 4.0, 4.2.1.2), including comments, and keep all their bytes", () => {
    const written = [
      "LONGSTR = 'one &'            / a ",
      "CONTINUE  'two''s&' / b",
      "CONTINUE  ' three' / c",
    ];
    const card = only(...written);
    expect(card).toMatchObject({ keyword: "LONGSTR", value: "one two's three", comment: "abc" });
    expect(latin1(card.bytes)).toBe(latin1(cardBytes(...written)));
  });

  it("an ampersand without a continuation is kept", () => {
    const cards = parseCards(cardBytes("KEY     = 'R&D &'", "NEXT    = 1", "CONTINUE  'lost'"));
    expect(cards.map(({ kind, value }) => [kind, value])).toEqual([
      ["value", "R&D &"],
      ["value", 1],
      ["text", undefined],
    ]);
  });

  it("the cards of a header end at END, and only there", () => {
    const cards = parseCards(cardBytes("ENDTIME = 1", "END     = 2", "END", "KEY     = 3"));
    expect(cards.map(({ kind }) => kind)).toEqual(["value", "value", "end"]);
  });

  it("cards are kept byte for byte, also when cut short or not ASCII", () => {
    const bytes = concat(
      cardBytes("OBJECT  = 'Ca\xf1ada' / \xe9t\xe9"),
      cardBytes("TAIL    = 7").subarray(0, 11),
    );
    const cards = parseCards(bytes);
    expect(cards.map(({ value }) => value)).toEqual(["Ca\xf1ada", 7]);
    expect(cards[0]!.bytes).toEqual(bytes.subarray(0, 80));
    expect(cards[1]!.bytes).toHaveLength(80);
  });

  it("written cards read back: strings of every length with quotes, numbers to the last bit", () => {
    for (let length = 0; length < 220; length += 3) {
      const value = "it's ".repeat(60).slice(0, length).trimEnd();
      expect(parseCards(valueCard("TEXT", value, "say").bytes)[0]!.value, `length ${length}`).toBe(value);
    }
    for (const value of [0.1, -1e-300, 123_456_789, 1.7976931348623157e308, 2 ** 53, -0.5])
      expect(parseCards(realCard("NUMBER", value).bytes)[0]!.value).toBe(value);
    expect(latin1(realCard("N", 5).bytes).slice(0, 30)).toBe("N       =                  5.0");
    expect(commentCards("HISTORY", "x".repeat(100)).map(({ bytes }) => bytes.length)).toEqual([80, 80]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("a card with the value %s cannot be written", (value) => {
    expect(() => valueCard("KEY", value)).toThrow(expect.objectContaining({ code: "FITS_WRITE" }));
  });
});
