import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dataSum, withChecksums } from "../src/file/checksum.ts";
import { parseCards } from "../src/header/card.ts";
import { headerFromCards, headerText } from "../src/header/header.ts";
import { commentCards, valueCard } from "../src/header/write-card.ts";

/** The sum by its definition: big-endian words added, with every carry added at the end. */
function slowSum(bytes: Uint8Array): number {
  let sum = 0n;
  for (let i = 0; i < bytes.length; i += 4) {
    let word = 0n;
    for (let j = 0; j < 4; j++) word = (word << 8n) | BigInt(bytes[i + j] ?? 0);
    sum += word;
    if (sum > 0xffffffffn) sum = (sum & 0xffffffffn) + 1n;
  }
  return Number(sum);
}

describe("dataSum", () => {
  test("dataSum is the sum by its definition, at any address and in any pieces (fast-check)", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(7), fc.nat(80), (bytes, shift, cut) => {
        const moved = new Uint8Array(bytes.length + 8).subarray(shift, shift + bytes.length);
        moved.set(bytes);
        const expected = slowSum(bytes);
        expect(dataSum(moved)).toBe(expected);
        const at = Math.min(bytes.length, 4 * cut);
        expect(dataSum(moved.subarray(at), dataSum(moved.subarray(0, at)))).toBe(expected);
      }),
    );
  });

  test("dataSum carries around the end when every word is the largest (its definition)", () => {
    const ones = new Uint8Array(9_000_000).fill(0xff);
    expect(dataSum(ones)).toBe(0xffffffff);
    ones[3] = 0xfe;
    // 2 250 000 words of -0 and one of -1.
    expect(dataSum(ones)).toBe(0xfffffffe);
    expect(dataSum(ones.subarray(1, 1_000_002))).toBe(slowSum(ones.subarray(1, 1_000_002)));
    expect(dataSum(new Uint8Array(64))).toBe(0);
  });
});

describe("withChecksums", () => {
  const cards = [
    valueCard("SIMPLE", true),
    valueCard("BITPIX", 8),
    valueCard("NAXIS", 1),
    valueCard("NAXIS1", 16),
    ...commentCards("HISTORY", "made"),
  ];

  test("withChecksums brings every HDU to -0, with letters and digits only (FITS 4.0, 4.4.2.7)", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (data) => {
        const datasum = dataSum(data);
        const header = withChecksums(cards, datasum);
        expect(header.length % 2880).toBe(0);
        expect(dataSum(data, dataSum(header))).toBe(0xffffffff);
        const read = headerFromCards(parseCards(header));
        expect(headerText(read, "DATASUM")).toBe(String(datasum));
        expect(headerText(read, "CHECKSUM")).toMatch(/^[0-9A-Za-z]{16}$/);
      }),
    );
  });

  test("withChecksums replaces existing checksums and dates its comments on request (its docstring)", () => {
    const once = withChecksums(cards, 5);
    expect(withChecksums(parseCards(once), 5)).toEqual(once);
    const dated = parseCards(withChecksums(cards, 5, { date: "2026-11-24T20:00:00" }));
    expect(dated.at(-2)?.comment).toBe("HDU checksum updated 2026-11-24T20:00:00");
    expect(dated.at(-3)?.comment).toContain("2026-11-24T20:00:00");
  });
});
