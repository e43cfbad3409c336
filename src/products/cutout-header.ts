import { SisError } from "../errors/sis-error.ts";
import { CARD_LENGTH, type Card } from "../fits/card.ts";
import type { Header } from "../fits/header.ts";
import { commentCards, realCard, valueCard } from "../fits/write-card.ts";
import type { PixelBox } from "../imaging/cutout-box.ts";
import { numberOf } from "../wcs/keywords.ts";
import { misleadingCards, observationMjd } from "./cutout-cards.ts";

/** Cards of a frame that have no place in the primary header of a cutout, besides those that `imageHeader` already drops; the provenance of a cutout is its own. */
const DROPPED = new Set([
  ...["CHECKSUM", "DATASUM", "INHERIT", "XTENSION", "PCOUNT", "GCOUNT", "SIMPLE", "EXTEND"],
  ...["SIS-OID", "SIS-RA", "SIS-DEC", "SIS-SIZE"],
]);

/** A card whose value follows from the box. */
interface MovingCard {
  /** Byte offset of the card in `bytes`. */
  readonly at: number;
  readonly keyword: string;
  /** Axis from 0: x, y. */
  readonly axis: 0 | 1;
  /** Value in the frame: NAXISn in pixels, CRPIXja counted from 1, CNPIXn in pixels of the plate. */
  readonly value: number;
  readonly comment: string | undefined;
}

/** What a frame's header gives to every cutout of it: the cards that stay as they are, and where the others stand. Plain data. */
export interface CutoutHeaderTemplate {
  /** Whole 80-byte cards without END. */
  readonly bytes: Uint8Array;
  readonly moving: readonly MovingCard[];
  /** Whether the source announces continued strings by LONGSTRN, which old readers look for. */
  readonly announced: boolean;
}

/** Who made a cutout, of what, and as asked how. */
export interface Provenance {
  readonly id: string;
  readonly ra: number;
  readonly dec: number;
  /** As the client wrote it. */
  readonly size: string;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly date: string;
}

/**
 * Prepares the header of an image for its cutouts. The source's cards stay byte for byte, its WCS convention with them; only
 * NAXIS1, NAXIS2, every CRPIX of the two axes (of all alternate systems) and the CNPIX of a digitized plate will differ. A missing CRPIX, which means 0, is
 * added, and MJD-OBS where there is DATE-OBS alone. Cards that make readers refuse the coordinate system are left out; a COMMENT names them.
 * Errors: WCS_INVALID when a card that moves with the box cannot be read.
 *
 * @param image header of the image itself, as `imageHeader` gives it
 * @param dropped keywords that do not hold for the pixels as they are written
 */
export function cutoutHeaderTemplate(image: Header, dropped: readonly string[]): CutoutHeaderTemplate {
  const cards: Card[] = [valueCard("SIMPLE", true, "conforms to FITS standard")];
  const moving: MovingCard[] = [];
  let length = 80;
  const push = (card: Card) => {
    cards.push(card);
    length += card.bytes.length;
  };
  const pushMoving = (card: Card, axis: 0 | 1, value: number) => {
    moving.push({ at: length, keyword: card.keyword, axis, value, comment: card.comment });
    push(movedCard(card.keyword, value, card.comment));
  };
  const misleading = misleadingCards(image);
  const left = new Set([...DROPPED, ...dropped, ...misleading.keywords]);
  for (const card of image.cards) {
    if (card.kind === "value" && left.has(card.keyword)) continue;
    const axis = movingAxis(card.keyword);
    if (axis === undefined || card.kind !== "value") push(card);
    else pushMoving(card, axis, numberOf(card));
  }
  for (const suffix of missingReferencePixels(image)) {
    const axis = suffix.startsWith("1") ? 0 : 1;
    pushMoving(realCard(`CRPIX${suffix}`, 0, "reference pixel"), axis, 0);
  }
  const mjd = observationMjd(image);
  if (mjd !== undefined) push(mjd);
  for (const comment of misleading.comments) push(comment);
  return { bytes: joined(cards, length), moving, announced: image.index.has("LONGSTRN") };
}

/** The header of one cutout: whole cards, without END, DATASUM and CHECKSUM. */
export function cutoutHeader(
  template: CutoutHeaderTemplate,
  box: PixelBox,
  provenance: Provenance,
): Uint8Array {
  const added = provenanceCards(template, provenance);
  const length = added.reduce((sum, card) => sum + card.bytes.length, template.bytes.length);
  const bytes = new Uint8Array(length);
  bytes.set(template.bytes);
  for (const { at, keyword, axis, value, comment } of template.moving) {
    bytes.set(
      movedCard(keyword, movedValue(keyword, value, box.start[axis], box.shape[axis]), comment).bytes,
      at,
    );
  }
  let at = template.bytes.length;
  for (const card of added) {
    bytes.set(card.bytes, at);
    at += card.bytes.length;
  }
  return bytes;
}

function movedValue(keyword: string, value: number, start: number, length: number): number {
  if (keyword.startsWith("NAXIS")) return length;
  return keyword.startsWith("CNPIX") ? value + start : value - start;
}

function movedCard(keyword: string, value: number, comment: string | undefined): Card {
  return keyword.startsWith("NAXIS") ? valueCard(keyword, value, comment) : realCard(keyword, value, comment);
}

function provenanceCards(
  template: CutoutHeaderTemplate,
  { id, ra, dec, size, version, date }: Provenance,
): readonly Card[] {
  const name = valueCard("SIS-OID", id);
  const continued = name.bytes.length > CARD_LENGTH && !template.announced;
  return [
    ...commentCards("COMMENT", `Cutout made by the SBN Survey Image Service ${version}`),
    ...commentCards("COMMENT", `on ${date}`),
    ...(continued ? [valueCard("LONGSTRN", "OGIP 1.0", "long strings may be continued")] : []),
    name,
    realCard("SIS-RA", ra, "[deg] requested right ascension, ICRS"),
    realCard("SIS-DEC", dec, "[deg] requested declination, ICRS"),
    valueCard("SIS-SIZE", size, "requested size"),
  ];
}

function movingAxis(keyword: string): 0 | 1 | undefined {
  const match = /^(?:NAXIS|CNPIX|CRPIX)([12])(?:(?<=CRPIX.)[A-Z])?$/.exec(keyword);
  const axis = match?.[1];
  return axis === undefined ? undefined : axis === "1" ? 0 : 1;
}

/** Axis and alternate (`1`, `2B`) of each coordinate system of the header that names no CRPIX for that axis. */
function missingReferencePixels(image: Header): readonly string[] {
  const systems = new Set<string>();
  for (const { keyword } of image.cards) {
    const match = /^(?:CTYPE|CRVAL|CDELT)[12]([A-Z]?)$/.exec(keyword);
    if (match !== null) systems.add(match[1] ?? "");
  }
  return [...systems].flatMap((alternate) =>
    [`1${alternate}`, `2${alternate}`].filter((suffix) => !image.index.has(`CRPIX${suffix}`)),
  );
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
