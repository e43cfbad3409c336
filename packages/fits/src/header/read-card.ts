import { FitsError } from "../errors.ts";
import type { Card } from "./card.ts";
import { decimalValue } from "./decimal.ts";

/** Longest part of a value that an error message repeats. */
const LONGEST_SHOWN = 80;

/**
 * The finite number in a card; undefined when it has none. A number in quotes is read, as cfitsio reads it (wcslib takes
 * such a card for absent); text beside the number is not forgiven.
 */
export function cardNumber({ value, malformed }: Card): number | undefined {
  if (malformed !== undefined) return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" ? decimalValue(value.trim()) : undefined;
}

/** The whole number in a card, exact also beyond 2^53; undefined when it has none. */
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

/** FITS_CORRUPT for a card whose value cannot be used. */
export function unreadableCard(card: Card, reason?: string): FitsError<"FITS_CORRUPT"> {
  const details = { keyword: card.keyword };
  return new FitsError("FITS_CORRUPT", unreadableMessage(card, reason), { details });
}

/** Names a card whose value cannot be used, as `CRVAL1 = '10:00:00.0' cannot be read`. */
export function unreadableMessage(card: Card, reason = "cannot be read"): string {
  const says = writtenValue(card);
  return says === undefined ? `${card.keyword} has no value` : `${card.keyword} = ${says} ${reason}`;
}

/** The value of a card as its header writes it; undefined when the card gives none. */
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
