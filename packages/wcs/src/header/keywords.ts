import type { Card, Header } from "@sbnsis/fits";
import { cardNumber, decimalValue } from "@sbnsis/fits/internal";
import { unreadableCard } from "../errors.ts";

/** A parameter PVi_m or a coefficient of the header: axis (from 1), number and value. */
export interface Parameter {
  readonly axis: number;
  readonly m: number;
  readonly value: number;
}

/**
 * The cards of one coordinate system of a header; look up keywords without the letter of the
 * alternate.
 */
export interface Keywords {
  readonly header: Header;
  readonly alternate: string;
}

/**
 * A finite number, also when quoted; undefined when absent. wcslib ignores a quoted number; cfitsio
 * reads it.
 * Errors: WCS_INVALID when the card is present without such a number: defaults are only for absent
 * cards.
 */
export function numberAt(keywords: Keywords, keyword: string): number | undefined {
  return plainNumber(keywords, keyword + keywords.alternate);
}

/** As numberAt, for keywords without alternates. */
export function plainNumber({ header }: Keywords, keyword: string): number | undefined {
  const card = header.index.get(keyword);
  return card === undefined ? undefined : numberOf(card);
}

/**
 * As plainNumber, for orders and counts. Errors: WCS_INVALID also for a fraction or a negative
 * number.
 */
export function plainCount(keywords: Keywords, keyword: string): number | undefined {
  const count = plainNumber(keywords, keyword);
  if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0))
    throw unreadableCard(keywords.header.index.get(keyword)!, "is not a non-negative integer");
  return count;
}

/**
 * A string, trimmed; undefined when absent or blank. Errors: WCS_INVALID when the card's value is
 * not a string.
 */
export function textAt({ header, alternate }: Keywords, keyword: string): string | undefined {
  return plainText(header, keyword + alternate);
}

/** As textAt, for keywords without alternates. */
export function plainText(header: Header, keyword: string): string | undefined {
  const card = header.index.get(keyword);
  if (card === undefined) return undefined;
  if (typeof card.value !== "string") throw unreadableCard(card, "is not a string");
  const text = card.value.trim();
  return text === "" ? undefined : text;
}

/**
 * All PVi_m of the alternate, in header order, repetitions included. Unreadable ones are left out:
 * `checkCards` refuses those of the celestial axes.
 */
export function parameters({ header, alternate }: Keywords): readonly Parameter[] {
  const found: Parameter[] = [];
  for (const [keyword, card] of header.index) {
    if (keyword.charCodeAt(0) !== 80 || keyword.charCodeAt(1) !== 86) continue;
    const match = /^PV([1-9]\d?)_(\d{1,3})([A-Z]?)$/.exec(keyword);
    if (match === null || match[3] !== alternate) continue;
    const value = cardNumber(card);
    if (value !== undefined) found.push({ axis: Number(match[1]), m: Number(match[2]), value });
  }
  return found;
}

/** The number in a card. Errors: WCS_INVALID when it has none. */
export function numberOf(card: Card): number {
  const number = cardNumber(card);
  if (number === undefined) throw unreadableCard(card);
  return number;
}

/**
 * A field of record-valued cards (FITS WCS paper IV, 4): `DP1 = 'EXTVER: 1'`, or a keyword
 * `DP1.EXTVER` derived from it by a reader.
 */
export interface RecordField {
  readonly name: string;
  readonly value: number;
  readonly card: Card;
}

/**
 * The fields of the record-valued cards of a keyword, in header order. Errors: WCS_INVALID when a
 * value is not a finite number.
 */
export function recordFields({ header }: Keywords, keyword: string): readonly RecordField[] {
  const fields: RecordField[] = [];
  for (const card of header.cards) {
    if (card.kind !== "value") continue;
    if (card.keyword.startsWith(`${keyword}.`)) {
      fields.push({ name: card.keyword.slice(keyword.length + 1), value: numberOf(card), card });
    } else if (card.keyword === keyword) {
      if (typeof card.value !== "string") throw unreadableCard(card);
      const colon = card.value.indexOf(":");
      const value = colon < 0 ? undefined : decimalValue(card.value.slice(colon + 1).trim());
      if (value === undefined) throw unreadableCard(card);
      fields.push({ name: card.value.slice(0, colon).trim(), value, card });
    }
  }
  return fields;
}
