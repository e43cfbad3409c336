import { type Card, commentCards, type Header, realCard, valueCard } from "@sbnsis/fits";
import { CARD_LENGTH } from "@sbnsis/fits/internal";
import type { PixelBox } from "@sbnsis/imaging";
import { numberOf, recordFields } from "@sbnsis/wcs/internal";
import { SisError } from "../../../errors/sis-error.ts";
import { misleadingCards, observationMjd, wrapped } from "./cutout-cards.ts";

/**
 * Cards of a frame that do not belong in the primary header of a cutout, in addition to those that
 * `imageHeader` drops; a cutout has its own provenance.
 */
const DROPPED = new Set([
  ...["CHECKSUM", "DATASUM", "INHERIT", "XTENSION", "PCOUNT", "GCOUNT", "SIMPLE", "EXTEND"],
  ...["SIS-OID", "SIS-RA", "SIS-DEC", "SIS-SIZE", "SIS-POS", "SIS-MASK"],
]);

/** A card whose value depends on the box. */
interface MovingCard {
  /** Byte offset of the card in `bytes`. */
  readonly at: number;
  readonly keyword: string;
  /** Axis from 0: x, y. */
  readonly axis: 0 | 1;
  /**
   * Value in the frame: NAXISn in pixels, CRPIXja counted from 1, CNPIXn in pixels of the plate,
   * LTVn in pixels.
   */
  readonly value: number;
  /** Field of a record-valued card (`OFFSET.1` of DP1) that has the value. */
  readonly field: string | undefined;
  readonly comment: string | undefined;
}

/**
 * What a frame's header contributes to every cutout of it: the cards that stay the same, and the
 * positions of the others. Plain data.
 */
export interface CutoutHeaderTemplate {
  /** Whole 80-byte cards without END. */
  readonly bytes: Uint8Array;
  readonly moving: readonly MovingCard[];
  /** Whether the source announces continued strings with LONGSTRN, which old readers look for. */
  readonly announced: boolean;
}

/** Most sentences about the coordinate system in a header, and most characters of each. */
const MOST_ASSUMPTIONS = 12;
const LONGEST_ASSUMPTION = 280;

/** For a frame without a celestial coordinate system, which has no cutouts. */
export const NO_CUTOUTS: CutoutHeaderTemplate = { bytes: new Uint8Array(0), moving: [], announced: false };

/** A position, and the size around it. */
interface RequestedPosition {
  readonly ra: number;
  readonly dec: number;
  readonly size: { readonly text: string };
}

interface RequestedRegion {
  readonly text: string;
  readonly mask?: true;
}

/** Which service made a cutout, from what, and for which request. */
export interface Provenance {
  readonly id: string;
  /** What was requested; size and region as the client wrote them. */
  readonly place: RequestedPosition | RequestedRegion | undefined;
  readonly version: string;
  /** Time of the source's last change, milliseconds since 1970, if known. */
  readonly sourceModifiedMs?: number | undefined;
}

/**
 * Prepares the header of an image for its cutouts. The source's cards are kept byte for byte,
 * including their WCS convention; only NAXIS1, NAXIS2, every CRPIX of the two axes (of all
 * alternate systems), LTV1 and LTV2 (IRAF's physical pixels), the CNPIX of a digitized plate and
 * the OFFSET of polynomials of the pixels (CPDISj = 'TPD') change, each relative to its own value,
 * even if a keyword is repeated. Missing ones that mean 0 are added, and MJD-OBS if there is only
 * DATE-OBS. Cards that make readers refuse the coordinate system are omitted; a COMMENT names them.
 * Errors: WCS_INVALID when a card that depends on the box cannot be read.
 *
 * @param image header of the image itself, as returned by `imageHeader`
 * @param blank the stored integer that means no value: a compressed image may have it only as
 *   ZBLANK
 * @param assumptions how the coordinate system was read where the header leaves doubt; written as
 *   COMMENT cards
 */
export function cutoutHeaderTemplate(
  image: Header,
  blank?: number | bigint,
  assumptions: readonly string[] = [],
): CutoutHeaderTemplate {
  const cards: Card[] = [valueCard("SIMPLE", true, "conforms to FITS standard")];
  const moving: MovingCard[] = [];
  let length = 80;
  const push = (card: Card) => {
    cards.push(card);
    length += card.bytes.length;
  };
  const pushMoving = (moved: Omit<MovingCard, "at">) => {
    moving.push({ at: length, ...moved });
    push(movedCard({ at: length, ...moved }, moved.value));
  };
  const misleading = misleadingCards(image);
  const left = new Set([...DROPPED, ...misleading.keywords]);
  const offsets = pixelOffsets(image);
  const offsetOf = new Map(offsets.map((offset) => [offset.card, offset]));
  for (const card of image.cards) {
    if (card.kind === "value" && (left.has(card.keyword) || isRepeatedStructure(card, image))) continue;
    const { keyword, comment } = card;
    const offset = offsetOf.get(card);
    const axis = offset?.axis ?? movingAxis(keyword);
    const value = offset?.value ?? (axis !== undefined && card.kind === "value" ? numberOf(card) : undefined);
    if (axis === undefined || value === undefined) push(card);
    else pushMoving({ keyword, axis, value, comment, field: offset?.field });
  }
  for (const { keyword, axis, field, card } of [...offsets, ...missingReferences(image)])
    if (card === undefined) pushMoving({ keyword, axis, value: 0, comment: undefined, field });
  if (blank !== undefined && !image.index.has("BLANK"))
    push(valueCard("BLANK", blank, "stored value of undefined pixels"));
  const mjd = observationMjd(image);
  if (mjd !== undefined) push(mjd);
  for (const comment of [...misleading.comments, ...assumptionCards(assumptions)]) push(comment);
  return { bytes: joined(cards, length), moving, announced: image.index.has("LONGSTRN") };
}

/** COMMENT cards that say how the coordinate system was read, no more than anyone would read. */
function assumptionCards(assumptions: readonly string[]): readonly Card[] {
  const shown = assumptions.slice(0, MOST_ASSUMPTIONS).map((each) => each.slice(0, LONGEST_ASSUMPTION));
  const more = assumptions.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].flatMap((each) =>
    wrapped(`Coordinate system: ${each}`).flatMap((line) => commentCards("COMMENT", line)),
  );
}

/** The header of one cutout: whole cards, without END, DATASUM and CHECKSUM. */
export function cutoutHeader(
  template: CutoutHeaderTemplate,
  box: PixelBox,
  provenance: Provenance,
  extended = false,
): Uint8Array {
  const extend = extended ? [valueCard("EXTEND", true, "tables of the coordinate system follow")] : [];
  const added = [...extend, ...provenanceCards(template, provenance)];
  const length = added.reduce((sum, card) => sum + card.bytes.length, template.bytes.length);
  const bytes = new Uint8Array(length);
  bytes.set(template.bytes);
  for (const card of template.moving) {
    const { axis } = card;
    bytes.set(movedCard(card, movedValue(card, box.start[axis], box.shape[axis])).bytes, card.at);
  }
  let at = template.bytes.length;
  for (const card of added) {
    bytes.set(card.bytes, at);
    at += card.bytes.length;
  }
  return bytes;
}

/**
 * Whether a card repeats one of the structure of the image: readers that take the last card would
 * read other pixels.
 */
function isRepeatedStructure(card: Card, image: Header): boolean {
  return /^(?:BITPIX|NAXIS\d{0,3})$/.test(card.keyword) && image.index.get(card.keyword) !== card;
}

function movedValue({ keyword, value }: MovingCard, start: number, length: number): number {
  if (keyword.startsWith("NAXIS")) return length;
  return keyword.startsWith("CNPIX") ? value + start : value - start;
}

function movedCard({ keyword, comment, field }: MovingCard, value: number): Card {
  if (field !== undefined) return valueCard(keyword, `${field}: ${value}`, comment);
  return keyword.startsWith("NAXIS") ? valueCard(keyword, value, comment) : realCard(keyword, value, comment);
}

function provenanceCards(
  template: CutoutHeaderTemplate,
  { id, place, version, sourceModifiedMs }: Provenance,
): readonly Card[] {
  const name = valueCard("SIS-OID", id);
  const places = placeCards(place);
  const continued = [name, ...places].some(({ bytes }) => bytes.length > CARD_LENGTH) && !template.announced;
  return [
    ...commentCards("COMMENT", `Cutout made by the SBN Survey Image Service ${version}`),
    ...sourceDateCards(sourceModifiedMs),
    ...(continued ? [valueCard("LONGSTRN", "OGIP 1.0", "long strings may be continued")] : []),
    name,
    ...places,
  ];
}

function placeCards(place: Provenance["place"]): readonly Card[] {
  if (place === undefined) return [];
  if ("text" in place) {
    const masked = valueCard("SIS-MASK", true, "pixels outside the region have no value");
    return [valueCard("SIS-POS", place.text, "requested region"), ...(place.mask ? [masked] : [])];
  }
  return [
    realCard("SIS-RA", place.ra, "[deg] requested right ascension, ICRS"),
    realCard("SIS-DEC", place.dec, "[deg] requested declination, ICRS"),
    valueCard("SIS-SIZE", place.size.text, "requested size"),
  ];
}

/**
 * The date of the source, not of the product: a cutout that is made again, here or by another
 * service, has the same bytes, so that interrupted downloads can be resumed.
 */
function sourceDateCards(sourceModifiedMs: number | undefined): readonly Card[] {
  if (sourceModifiedMs === undefined || !isWritable(sourceModifiedMs)) return [];
  const date = new Date(sourceModifiedMs).toISOString().slice(0, 19);
  return commentCards("COMMENT", `from a file last modified on ${date}`);
}

/** Whether a time has a four-digit year. */
function isWritable(timeMs: number): boolean {
  return timeMs >= Date.UTC(1000, 0, 1) && timeMs < Date.UTC(10_000, 0, 1);
}

function movingAxis(keyword: string): 0 | 1 | undefined {
  const match = /^(?:NAXIS|CNPIX|LTV|CRPIX)([12])(?:(?<=CRPIX.)[A-Z])?$/.exec(keyword);
  const axis = match?.[1];
  return axis === undefined ? undefined : axis === "1" ? 0 : 1;
}

/** A reference in pixels along an axis (from 0: x, y), whose card is missing, which means 0. */
interface PixelReference {
  readonly keyword: string;
  readonly axis: 0 | 1;
  readonly field?: string;
  readonly card?: Card;
  readonly value?: number;
}

/**
 * CRPIX of each coordinate system of the header that lacks it for an axis, and LTV if there is LTM.
 */
function missingReferences(image: Header): readonly PixelReference[] {
  const prefixes = new Set<string>();
  for (const { keyword } of image.cards) {
    const match =
      /^(?:(?:CTYPE|CRVAL|CDELT)[12]|(?:CD|PC)[12]_[12])([A-Z]?)$/.exec(keyword) ??
      /^(?:CD|PC)00[12]00[12]()$/.exec(keyword);
    if (match !== null) prefixes.add(`CRPIX ${match[1] ?? ""}`);
    if (/^LTM[12]_[12]$/.test(keyword)) prefixes.add("LTV ");
  }
  return [...prefixes].flatMap((prefix) => {
    const [name = "", suffix = ""] = prefix.split(" ");
    return ([0, 1] as const)
      .map((axis) => ({ keyword: `${name}${axis + 1}${suffix}`, axis }))
      .filter(({ keyword }) => !image.index.has(keyword));
  });
}

/**
 * OFFSET.k of the DPj records for each polynomial of pixel coordinates that CPDISj names (FITS WCS
 * paper IV, 2.3).
 */
function pixelOffsets(image: Header): readonly PixelReference[] {
  const kinds = [...image.index].flatMap(([keyword, { value }]) => {
    const match = /^CPDIS([12][A-Z]?)$/.exec(keyword);
    return match === null || typeof value !== "string" || value.trim().toUpperCase() === "LOOKUP"
      ? []
      : [`DP${match[1]}`];
  });
  return kinds.flatMap((keyword) => {
    const fields = recordFields({ header: image, alternate: "" }, keyword);
    return [1, 2].flatMap((k): readonly PixelReference[] => {
      const axis = (fields.find(({ name }) => name === `AXIS.${k}`)?.value ?? k) - 1;
      if (axis !== 0 && axis !== 1) return [];
      const field = `OFFSET.${k}`;
      const given = fields.filter(({ name }) => name === field);
      if (given.length === 0) return [{ keyword, axis, field }];
      return given.map(({ card, value }) =>
        card.keyword === keyword
          ? { keyword, axis, field, card, value }
          : { keyword: card.keyword, axis, card, value },
      );
    });
  });
}

function joined(cards: readonly Card[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const card of cards) {
    bytes.set(card.bytes, at);
    at += card.bytes.length;
  }
  if (at !== length) throw new SisError("INTERNAL", `header of ${at} bytes where ${length} were counted`);
  return bytes;
}
