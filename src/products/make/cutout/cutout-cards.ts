import { type Card, commentCards, type Header, realCard } from "@sbnsis/fits";
import { textOrNothing } from "@sbnsis/fits/internal";
import { hasPlateSolution } from "@sbnsis/wcs/internal";

/**
 * Keywords that make wcslib take a header for the plate of a digitized survey (wcslib 8, wcspih).
 */
const PLATE = /^(?:[XY]PIXELSZ|PLTRA[HMS]|PLTDEC(?:SN|[DMS])|CNPIX[12]|PPO[36]|AMD[XY]\d{1,2})$/;

/** Keywords of each pair of SIP polynomials, which astropy accepts only together. */
const SIP_PAIRS = [
  { orders: ["A_ORDER", "B_ORDER"], keyword: /^[AB]_(?:ORDER|DMAX|\d_\d)$/ },
  { orders: ["AP_ORDER", "BP_ORDER"], keyword: /^[AB]P_(?:ORDER|\d_\d)$/ },
] as const;

/** Keywords of an image that its cutouts omit, and why. */
export interface LeftOut {
  readonly keywords: ReadonlySet<string>;
  /** COMMENT cards that say so. */
  readonly comments: readonly Card[];
}

/**
 * Finds the cards that have no effect on the coordinate system of an image, but make readers refuse
 * it: some keywords of a plate solution (XPIXELSZ, YPIXELSZ of NEAT) in addition to CTYPE, and one
 * of two SIP polynomials. A complete plate solution is kept.
 */
export function misleadingCards(image: Header): LeftOut {
  const present = [...image.index.keys()];
  const named = textOrNothing(image, "CTYPE1") ?? textOrNothing(image, "CTYPE2");
  const plate =
    named === undefined || hasPlateSolution(image) ? [] : present.filter((keyword) => PLATE.test(keyword));
  const halves = SIP_PAIRS.flatMap(({ orders, keyword }) =>
    orders.filter((order) => image.index.has(order)).length === 1
      ? present.filter((name) => keyword.test(name))
      : [],
  );
  return {
    keywords: new Set([...plate, ...halves]),
    comments: [
      ...reason(plate, "with which readers take the image for a digitized plate"),
      ...reason(halves, "one of two polynomials of SIP, which has no meaning alone"),
    ],
  };
}

function reason(keywords: readonly string[], why: string): readonly Card[] {
  if (keywords.length === 0) return [];
  return wrapped(`Left out of the cutout, ${why}: ${keywords.join(", ")}`).flatMap((line) =>
    commentCards("COMMENT", line),
  );
}

/** Lines of at most 72 characters, which fit into a card, broken at blanks. */
export function wrapped(text: string): readonly string[] {
  return text.match(/.{1,72}(?: |$)/g)?.map((line) => line.trimEnd()) ?? [text];
}

/**
 * MJD-OBS for an image that has only DATE-OBS, as added by wcslib's datfix and therefore by the
 * Python service: in the time scale of DATE-OBS. Undefined if the card exists already, or DATE-OBS
 * is not a date.
 */
export function observationMjd(image: Header): Card | undefined {
  if (image.index.has("MJD-OBS")) return undefined;
  const mjd = mjdOfDate(textOrNothing(image, "DATE-OBS") ?? "");
  return mjd === undefined ? undefined : realCard("MJD-OBS", mjd, "[d] MJD of DATE-OBS");
}

const TIME = /^[Tt ](\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d*)?)(?:\s*(?:Z|UTC?|[+-]00:?00))?$/;

/**
 * Reads a date of FITS 4.0, 9.1.1, also with `/` for `-` or a UTC suffix, or an old one: DD/MM/YY
 * of the 20th century or DD/MM/YYYY.
 */
function mjdOfDate(text: string): number | undefined {
  const iso = /^(\d{4})[-/](\d\d)[-/](\d\d)(.*)$/.exec(text);
  if (iso !== null) {
    const seconds = secondsOfDay(iso[4]!);
    const day = mjdOfDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
    return seconds === undefined || day === undefined ? undefined : day + seconds / 86_400;
  }
  const old = /^(\d\d)[-/](\d\d)[-/](\d\d|\d{4})$/.exec(text);
  if (old === null) return undefined;
  const year = Number(old[3]);
  return mjdOfDay(year < 100 ? 1900 + year : year, Number(old[2]), Number(old[1]));
}

function secondsOfDay(text: string): number | undefined {
  if (text === "") return 0;
  const time = TIME.exec(text);
  if (time === null) return undefined;
  const [hours, minutes, seconds] = [Number(time[1]), Number(time[2]), Number(time[3])];
  // a leap second is number 60
  if (hours > 24 || minutes > 59 || seconds >= 61) return undefined;
  return hours * 3600 + minutes * 60 + seconds;
}

const MJD_OF_UNIX_EPOCH = 40_587;

function mjdOfDay(year: number, month: number, day: number): number | undefined {
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  const isDay = year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay ? ms / 86_400_000 + MJD_OF_UNIX_EPOCH : undefined;
}
