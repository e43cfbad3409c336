import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draws } from "../../../../test/support/draws.ts";
import { parseCards } from "../../src/header/card.ts";
import { headerBytes, headerFromCards, parseHeader } from "../../src/header/header.ts";
import { realCard, valueCard } from "../../src/header/write-card.ts";
import { concat } from "../support/cards.ts";

const keyword = fc
  .stringMatching(/^[A-Z][A-Z0-9_-]{0,7}$/)
  .filter((name) => !/^(?:END|COMMENT|HISTORY|CONTINUE|HIERARCH)$/.test(name));
const text = fc.string({
  unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
  maxLength: 300,
});
const comment = fc.option(
  text.map((words) => words.slice(0, 30)),
  { nil: undefined },
);

describe("properties of cards", () => {
  it("text cards read back as written, except for trailing blanks (FITS 4.0, 4.2.1.1; fast-check)", () => {
    fc.assert(
      fc.property(keyword, text, comment, (name, value, note) => {
        // a written string that ends with & and is not continued stays as it is
        const [card, ...more] = parseCards(valueCard(name, value, note).bytes);
        expect(more).toEqual([]);
        expect(card).toMatchObject({ keyword: name, kind: "value", value: value.trimEnd() });
      }),
      { numRuns: draws(1000), seed: 1 },
    );
  });

  it("numbers in cards read back to the last bit (fast-check)", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(keyword, finite, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), (name, real, whole) => {
        expect(parseCards(realCard(name, real).bytes)[0]!.value).toBe(real);
        const read = parseCards(valueCard(name, whole).bytes)[0]!.value as number | bigint;
        expect(BigInt(read)).toBe(whole);
      }),
      { numRuns: draws(1000), seed: 2 },
    );
  });

  it("parsing cards keeps every byte, whatever the bytes are, and stops at END (fast-check)", () => {
    const bytes = fc.array(fc.constantFrom(..."'&=/ ()+-.,ETDN019AZ\u00e9\u0000".split("")), {
      minLength: 80,
      maxLength: 80,
    });
    const words = fc.constantFrom(
      "CONTINUE  '",
      "HIERARCH ",
      "COMMENT ",
      "KEY     = '",
      "KEY     = ",
      "END",
      "",
    );
    const card = fc
      .tuple(words, bytes)
      .map(([word, rest]) => Buffer.from((word + rest.join("")).slice(0, 80), "latin1"));
    fc.assert(
      fc.property(fc.array(card, { maxLength: 12 }), (cards) => {
        const input = concat(...cards);
        const parsed = parseCards(input);
        const kept = concat(...parsed.map((each) => each.bytes));
        expect(Buffer.compare(kept, input.subarray(0, kept.length))).toBe(0);
        if (kept.length < input.length) expect(parsed.at(-1)!.kind).toBe("end");
        const { cards: again } = parseHeader(headerBytes(headerFromCards(parsed).cards));
        expect(again.slice(0, headerFromCards(parsed).cards.length).map(({ value }) => value)).toEqual(
          headerFromCards(parsed).cards.map(({ value }) => value),
        );
      }),
      { numRuns: draws(1000), seed: 3 },
    );
  });
});
