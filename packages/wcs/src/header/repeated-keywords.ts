import type { Card, Header } from "@sbnsis/fits";
import type { WcsWarning } from "../model/wcs.ts";

/** Keywords whose last card counts in wcslib, which reads the header card by card. */
const LAST_COUNTS =
  /^(?:(?:CTYPE|CRVAL|CRPIX|CDELT|CUNIT)\d{1,2}[A-Z]?|(?:CD|PC)(?:\d{1,2}_\d{1,2}[A-Z]?|00\d00\d)|PV\d{1,2}_\d{1,3}[A-Z]?|CROTA\d{1,2}|PROJP\d|(?:LONPOLE|LATPOLE|EQUINOX|RADESYS|WCSAXES)[A-Z]?|RADECSYS|EPOCH)$/;

/**
 * Keywords whose first card counts in astropy, which looks them up by name: SIP and the choice of
 * distortion functions.
 */
const FIRST_COUNTS = /^(?:[AB]_(?:ORDER|\d_\d)|(?:CPDIS|CQDIS|D2IMDIS)\d[A-Z]?)$/;

/**
 * The header with an index of the effective cards: among repeated WCS keywords, the card that
 * counts in astropy and wcslib. This is the last one, but the first one for SIP and the choice of
 * distortion functions.
 * Repetitions with different values give a warning. Returns the header itself when no keyword is
 * repeated.
 */
export function withEffectiveCards(header: Header, warnings: WcsWarning[]): Header {
  const repeated = new Map<string, Card[]>();
  for (const card of header.cards) {
    const first = card.kind === "value" ? header.index.get(card.keyword) : undefined;
    if (first === undefined || first === card) continue;
    if (!LAST_COUNTS.test(card.keyword) && !FIRST_COUNTS.test(card.keyword)) continue;
    const cards = repeated.get(card.keyword);
    if (cards === undefined) repeated.set(card.keyword, [first, card]);
    else cards.push(card);
  }
  if (repeated.size === 0) return header;
  const index = new Map(header.index);
  for (const [keyword, cards] of repeated) {
    const last = LAST_COUNTS.test(keyword);
    if (last) index.set(keyword, cards.at(-1)!);
    const values = cards.map(({ value }) => (typeof value === "string" ? `'${value}'` : String(value)));
    if (new Set(values).size === 1) continue;
    const message = `${keyword} has the values ${values.join(", ")}; the ${last ? "last" : "first"} one is used.`;
    warnings.push({ code: "KEYWORD_REPEATED", message });
  }
  return { cards: header.cards, index };
}
