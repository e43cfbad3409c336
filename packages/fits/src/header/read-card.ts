import { FitsError } from "../errors.ts";
import { CARD_LENGTH, type Card, decimalValue, latin1 } from "./card.ts";

/** Length limit of a value shown in an error message. */
const LONGEST_SHOWN = 80;

/**
 * The finite number in a card; undefined when it has none. Accepts a quoted number, as cfitsio does
 * (wcslib ignores such a card), but no text beside the number.
 */
export function cardNumber({ value, malformed }: Card): number | undefined {
  if (malformed !== undefined) return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" ? decimalValue(value.trim()) : undefined;
}

/** The integer in a card, exact also beyond 2^53; undefined when it has none. */
export function cardInteger(card: Card): number | bigint | undefined {
  const { value } = card;
  if (card.malformed === undefined) {
    if (typeof value === "bigint") return value;
    const text = typeof value === "string" ? value.trim() : "";
    if (/^[+-]?\d{1,100}$/.test(text)) return exact(BigInt(text));
  }
  const number = cardNumber(card);
  return Number.isSafeInteger(number) ? number : undefined;
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** FITS_CORRUPT for a card with an unusable value. */
export function unreadableCard(card: Card, reason?: string): FitsError<"FITS_CORRUPT"> {
  const details = { keyword: card.keyword };
  return new FitsError("FITS_CORRUPT", unreadableMessage(card, reason), { details });
}

/** Names a card with an unusable value, as `CRVAL1 = '10:00:00.0' cannot be read`. */
export function unreadableMessage(card: Card, reason = "cannot be read"): string {
  const says = writtenValue(card);
  return says === undefined ? `${card.keyword} has no value` : `${card.keyword} = ${says} ${reason}`;
}

/** The value of a card as written in its header; undefined when it has none. */
function writtenValue({ value, malformed }: Card): string | undefined {
  if (malformed !== undefined) return shortened(malformed);
  if (value === undefined) return undefined;
  if (typeof value === "string") return `'${shortened(value)}'`;
  if (typeof value === "boolean") return value ? "T" : "F";
  return typeof value === "object" ? `(${value.real}, ${value.imaginary})` : String(value);
}

function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}

/**
 * The characters between the quotes of a string card as stored, including the trailing blanks that
 * the card's value lacks (FITS 4.0, 4.2.1.1); undefined when the card is continued or has no pair
 * of quotes.
 */
export function textBetweenQuotes({ bytes }: Card): string | undefined {
  if (bytes.length !== CARD_LENGTH) return undefined;
  return /^[^']*=\s*'((?:[^']|'')*)'/.exec(latin1(bytes))?.[1]?.replaceAll("''", "'");
}
