import type { Card } from "../../src/fits/card.ts";
import type { Header } from "../../src/fits/header.ts";

/** A header of value cards, made from a record of keywords, for tests of what stands above the bytes of cards. */
export function headerOf(values: Readonly<Record<string, string | number | boolean>>): Header {
  const cards = Object.entries(values).map(
    ([keyword, value]): Card => ({ keyword, kind: "value", value, bytes: new Uint8Array(80).fill(32) }),
  );
  return { cards, index: new Map(cards.map((card) => [card.keyword, card])) };
}
