import { CARD_LENGTH, type Card } from "./card.ts";
import { latin1 } from "./latin1.ts";

/**
 * The characters between the quotes of a string card as stored, blanks at the end included, which the value of the card does not
 * have (FITS 4.0, 4.2.1.1); undefined when the card is continued or has no pair of quotes.
 */
export function textBetweenQuotes({ bytes }: Card): string | undefined {
  if (bytes.length !== CARD_LENGTH) return undefined;
  return /^[^']*=\s*'((?:[^']|'')*)'/.exec(latin1(bytes))?.[1]?.replaceAll("''", "'");
}
