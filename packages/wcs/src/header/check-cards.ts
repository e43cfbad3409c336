import { unreadableCard } from "../errors.ts";
import { type Keywords, numberOf, plainCount } from "./keywords.ts";

/**
 * Keywords with a number for one axis, for two axes, for the whole coordinate system, and for SIP.
 */
const OF_AXIS = /^(?:CRVAL|CRPIX|CDELT|CROTA)([1-9]\d?)([A-Z]?)$/;
const OF_PARAMETER = /^PV([1-9]\d?)_\d{1,3}([A-Z]?)$/;
const OF_MATRIX = /^(?:PC|CD)(?:([1-9]\d?)_([1-9]\d?)([A-Z]?)|0(\d\d)0(\d\d))$/;
const OF_SYSTEM = /^(?:LONPOLE|LATPOLE|WCSAXES)([A-Z]?)$/;
const OF_SIP = /^[AB]P?_(?:ORDER|\d_\d)$/;
const FIRST_LETTERS = /^[ABCLPW]/;

/**
 * Checks that every standard card for the celestial axes that must be a number is one, used or not:
 * this includes the inverse SIP polynomials, CDELT beside CD, and all repetitions of a keyword.
 * Errors: WCS_INVALID, naming the first card that cannot be read.
 * @param axes numbers of the celestial axes, from 1
 */
export function checkCards(keywords: Keywords, axes: readonly [number, number]): void {
  const { header, alternate } = keywords;
  for (const card of header.cards) {
    const { keyword, kind } = card;
    if (!FIRST_LETTERS.test(keyword) || !isNumber(keyword, alternate, axes)) continue;
    // a card without value indicator: `CRVAL1    150.0`
    if (kind !== "value") throw unreadableCard({ ...card, malformed: card.comment?.trim() ?? "" });
    numberOf(card);
    if (keyword.endsWith("_ORDER") || keyword.startsWith("WCSAXES")) plainCount(keywords, keyword);
  }
}

function isNumber(keyword: string, alternate: string, axes: readonly [number, number]): boolean {
  const named = (axis: string | undefined) => axes.includes(Number(axis));
  const axis = OF_AXIS.exec(keyword) ?? OF_PARAMETER.exec(keyword);
  if (axis !== null) return axis[2] === alternate && named(axis[1]);
  const matrix = OF_MATRIX.exec(keyword);
  if (matrix !== null)
    return (matrix[3] ?? "") === alternate && named(matrix[1] ?? matrix[4]) && named(matrix[2] ?? matrix[5]);
  const system = OF_SYSTEM.exec(keyword);
  return system === null ? alternate === "" && OF_SIP.test(keyword) : system[1] === alternate;
}
