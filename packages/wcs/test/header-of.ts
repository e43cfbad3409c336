import type { Card } from "../../fits/src/header/card.ts";
import type { Header } from "../../fits/src/header/header.ts";

type Value = string | number | boolean;

/**
 * A header of value cards from a record of keywords (a list gives one card each), for tests above
 * the level of card bytes.
 */
export function headerOf(values: Readonly<Record<string, Value | readonly Value[]>>): Header {
  const cards = Object.entries(values).flatMap(([keyword, each]): Card[] =>
    [each].flat().map((value) => ({ keyword, kind: "value", value, bytes: new Uint8Array(80).fill(32) })),
  );
  const index = new Map<string, Card>();
  for (const card of cards) if (!index.has(card.keyword)) index.set(card.keyword, card);
  return { cards, index };
}
