import type { Card, Header } from "@sbnsis/fits";
import type { WcsWarning } from "../model/wcs.ts";

/** Keywords of which wcslib takes the last card, because it reads a header card by card. */
const LAST_RULES =
  /^(?:(?:CTYPE|CRVAL|CRPIX|CDELT|CUNIT)\d{1,2}[A-Z]?|(?:CD|PC)(?:\d{1,2}_\d{1,2}[A-Z]?|00\d00\d)|PV\d{1,2}_\d{1,3}[A-Z]?|CROTA\d{1,2}|PROJP\d|(?:LONPOLE|LATPOLE|EQUINOX|RADESYS|WCSAXES)[A-Z]?|RADECSYS|EPOCH)$/;

/** Keywords that astropy looks up by name, which gives the first card: SIP and the choice of distortion functions. */
const FIRST_RULES = /^(?:[AB]_(?:ORDER|\d_\d)|(?:CPDIS|CQDIS|D2IMDIS)\d[A-Z]?)$/;

/**
 * The header with an index that has, of repeated WCS keywords, the card that rules in astropy and wcslib: the last one, of SIP and
 * the kinds of distortions the first. Different values of one keyword give a warning. The header itself where nothing is repeated.
 */
export function withRulingCards(header: Header, warnings: WcsWarning[]): Header {
  const repeated = new Map<string, Card[]>();
  for (const card of header.cards) {
    const first = card.kind === "value" ? header.index.get(card.keyword) : undefined;
    if (first === undefined || first === card) continue;
    if (!LAST_RULES.test(card.keyword) && !FIRST_RULES.test(card.keyword)) continue;
    const cards = repeated.get(card.keyword);
    if (cards === undefined) repeated.set(card.keyword, [first, card]);
    else cards.push(card);
  }
  if (repeated.size === 0) return header;
  const index = new Map(header.index);
  for (const [keyword, cards] of repeated) {
    const last = LAST_RULES.test(keyword);
    if (last) index.set(keyword, cards.at(-1)!);
    const values = cards.map(({ value }) => (typeof value === "string" ? `'${value}'` : String(value)));
    if (new Set(values).size === 1) continue;
    const message = `${keyword} has the values ${values.join(", ")}; the ${last ? "last" : "first"} one is used.`;
    warnings.push({ code: "KEYWORD_REPEATED", message });
  }
  return { cards: header.cards, index };
}
