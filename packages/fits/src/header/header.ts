import { CARD_LENGTH, type Card, parseCards } from "./card.ts";
import { cardInteger, cardNumber, unreadableCard } from "./read-card.ts";
import { endCard } from "./write-card.ts";

/** Bytes in a block (FITS 4.0, 3.1). */
export const BLOCK_LENGTH = 2880;

/** `length` rounded up to whole blocks. */
export function paddedLength(length: number): number {
  return Math.ceil(length / BLOCK_LENGTH) * BLOCK_LENGTH;
}

/** A header: its cards in order, without END. */
export interface Header {
  readonly cards: readonly Card[];
  /** The first value card of each keyword. */
  readonly index: ReadonlyMap<string, Card>;
}

/** A header of these cards; END and everything after it are left out. */
export function headerFromCards(cards: readonly Card[]): Header {
  const index = new Map<string, Card>();
  const end = cards.findIndex(({ kind }) => kind === "end");
  const kept = end < 0 ? cards : cards.slice(0, end);
  for (const card of kept)
    if (card.kind === "value" && !index.has(card.keyword)) index.set(card.keyword, card);
  return { cards: kept, index };
}

/**
 * Parses the header in `bytes`, which begin with its first card. See {@link parseCards} for what is
 * tolerated.
 */
export function parseHeader(bytes: Uint8Array): Header {
  return headerFromCards(parseCards(bytes));
}

/**
 * The bytes of a header: the original cards, END, and blanks up to a whole block (FITS 4.0, 4.4.1).
 */
export function headerBytes(cards: readonly Card[]): Uint8Array {
  const written = [...cards.filter(({ kind }) => kind !== "end"), endCard()];
  const length = written.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const bytes = new Uint8Array(paddedLength(length)).fill(32);
  let at = 0;
  for (const card of written) {
    bytes.set(card.bytes, at);
    at += card.bytes.length;
  }
  return bytes;
}

/**
 * The finite number of a keyword, also one in quotes, or an integer that a double cannot represent
 * exactly; undefined when absent.
 * Errors: FITS_CORRUPT when the card is present without such a number.
 */
export function headerNumber(header: Header, keyword: string): number | undefined {
  const card = header.index.get(keyword);
  if (card === undefined) return undefined;
  const number = cardNumber(card);
  if (number === undefined) throw unreadableCard(card);
  return number;
}

/**
 * An integer that a double represents exactly; undefined when absent. Errors: FITS_CORRUPT for any
 * other value.
 */
export function headerInteger(header: Header, keyword: string): number | undefined {
  const number = headerNumber(header, keyword);
  if (number !== undefined && !Number.isSafeInteger(number))
    throw unreadableCard(header.index.get(keyword)!, "is not a whole number below 2^53");
  return number;
}

/**
 * An integer, as a bigint when a double cannot represent it; undefined when absent. Errors:
 * FITS_CORRUPT for any other value.
 */
export function headerLongInteger(header: Header, keyword: string): number | bigint | undefined {
  const card = header.index.get(keyword);
  if (card === undefined) return undefined;
  const integer = cardInteger(card);
  if (integer !== undefined) return integer;
  throw unreadableCard(card, cardNumber(card) === undefined ? undefined : "is not a whole number");
}

/** A string, trimmed; undefined when absent or blank. Errors: FITS_CORRUPT for any other value. */
export function headerText(header: Header, keyword: string): string | undefined {
  const card = header.index.get(keyword);
  if (card === undefined) return undefined;
  if (typeof card.value !== "string") throw unreadableCard(card, "is not a string");
  const text = card.value.trim();
  return text === "" ? undefined : text;
}

/**
 * As headerText, but undefined if the value is not a string: only for keywords that do not affect
 * pixels or positions, or that are read strictly elsewhere.
 */
export function textOrNothing(header: Header, keyword: string): string | undefined {
  const value = header.index.get(keyword)?.value;
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** A logical value; undefined when absent. Errors: FITS_CORRUPT for any other value. */
export function headerFlag(header: Header, keyword: string): boolean | undefined {
  const card = header.index.get(keyword);
  if (card === undefined) return undefined;
  if (typeof card.value !== "boolean") throw unreadableCard(card, "is not a logical value");
  return card.value;
}

/**
 * Finds a complete END card in `bytes`, padded with blanks or, as some writers do, with NUL.
 * Returns the offset after it, or -1.
 */
export function endOfHeader(bytes: Uint8Array, from = 0): number {
  for (let at = from; at + CARD_LENGTH <= bytes.length; at += CARD_LENGTH) {
    if ((bytes[at]! | 32) !== 101 || (bytes[at + 1]! | 32) !== 110 || (bytes[at + 2]! | 32) !== 100) continue;
    let rest = at + 3;
    while (rest < at + 8 && isBlank(bytes[rest])) rest++;
    if (rest < at + 8) continue;
    while (rest < at + CARD_LENGTH && isBlank(bytes[rest])) rest++;
    if (rest === at + CARD_LENGTH || bytes[rest] !== 61) return at + CARD_LENGTH;
  }
  return -1;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 0;
}
