import { CARD_LENGTH, type Card, DECIMAL, parseCards } from "./card.ts";
import { endCard } from "./write-card.ts";

/** Bytes in a block (FITS 4.0, 3.1). */
export const BLOCK_LENGTH = 2880;

/** A header: its cards in their order, without END. */
export interface Header {
  readonly cards: readonly Card[];
  /** The first value card of each keyword. */
  readonly index: ReadonlyMap<string, Card>;
}

/** A header of these cards; END and what stands behind it are left out. */
export function headerFromCards(cards: readonly Card[]): Header {
  const index = new Map<string, Card>();
  const end = cards.findIndex(({ kind }) => kind === "end");
  const kept = end < 0 ? cards : cards.slice(0, end);
  for (const card of kept)
    if (card.kind === "value" && !index.has(card.keyword)) index.set(card.keyword, card);
  return { cards: kept, index };
}

/** The header in `bytes`, which begin with its first card. See {@link parseCards} for what it forgives. */
export function parseHeader(bytes: Uint8Array): Header {
  return headerFromCards(parseCards(bytes));
}

/** The bytes of a header: the cards as they stand, END, and blanks up to a whole block (FITS 4.0, 4.4.1). */
export function headerBytes(cards: readonly Card[]): Uint8Array {
  const written = [...cards.filter(({ kind }) => kind !== "end"), endCard()];
  const length = written.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const bytes = new Uint8Array(Math.ceil(length / BLOCK_LENGTH) * BLOCK_LENGTH).fill(32);
  let at = 0;
  for (const card of written) {
    bytes.set(card.bytes, at);
    at += card.bytes.length;
  }
  return bytes;
}

/** A finite number, also of an integer too large for a double to hold exactly and of a number written as a string; undefined otherwise. */
export function headerNumber(header: Header, keyword: string): number | undefined {
  const value = header.index.get(keyword)?.value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string" || !DECIMAL.test(value.trim())) return undefined;
  const number = Number(value.trim().replace(/[dD]/, "e"));
  return Number.isFinite(number) ? number : undefined;
}

/** A whole number that a double holds exactly; undefined otherwise. */
export function headerInteger(header: Header, keyword: string): number | undefined {
  const number = headerNumber(header, keyword);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A string without blanks around it; undefined when absent, blank or not a string. */
export function headerText(header: Header, keyword: string): string | undefined {
  const value = header.index.get(keyword)?.value;
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** A logical value; undefined when absent or something else. */
export function headerFlag(header: Header, keyword: string): boolean | undefined {
  const value = header.index.get(keyword)?.value;
  return typeof value === "boolean" ? value : undefined;
}

/** Whether `bytes` hold a whole card END. Gives the offset behind it, or -1. */
export function endOfHeader(bytes: Uint8Array, from = 0): number {
  for (let at = from; at + CARD_LENGTH <= bytes.length; at += CARD_LENGTH) {
    if ((bytes[at]! | 32) !== 101 || (bytes[at + 1]! | 32) !== 110 || (bytes[at + 2]! | 32) !== 100) continue;
    let rest = at + 3;
    while (rest < at + 8 && bytes[rest] === 32) rest++;
    if (rest < at + 8) continue;
    while (rest < at + CARD_LENGTH && bytes[rest] === 32) rest++;
    if (rest === at + CARD_LENGTH || bytes[rest] !== 61) return at + CARD_LENGTH;
  }
  return -1;
}
