import { isCompressedImage } from "../describe/image-description.ts";
import type { Hdu } from "../file/hdu.ts";
import type { Card } from "./card.ts";
import { type Header, headerFlag, headerFromCards, headerInteger } from "./header.ts";
import { valueCard } from "./write-card.ts";

/** Keywords of a tile-compressed image that replace those of its table (FITS 4.0, 10.1). */
const RENAMED: Readonly<Record<string, string>> = {
  ZBITPIX: "BITPIX",
  ZNAXIS: "NAXIS",
  ZEXTEND: "EXTEND",
  ZBLOCKED: "BLOCKED",
  ZPCOUNT: "PCOUNT",
  ZGCOUNT: "GCOUNT",
  ZHECKSUM: "CHECKSUM",
  ZDATASUM: "DATASUM",
};

/** Keywords that describe only the table or its compression. */
const TABLE =
  /^(?:XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|T(?:TYPE|FORM|UNIT|SCAL|ZERO|NULL|DISP|DIM)\d+|CHECKSUM|DATASUM|ZIMAGE|ZSIMPLE|ZTENSION|ZCMPTYPE|ZMASKCMP|ZQUANTIZ|ZDITHER0|ZSCALE|ZZERO|ZBLANK|ZTILE\d+|ZNAME\d+|ZVAL\d+|FZALGOR|FZQVALUE|FZTILE|FZQMETHD|FZDTHRSD|FZINT2F|FZHSCALE)$/;

/** The comment that fpack adds about itself. */
const FPACK_COMMENT = /^\s*Image was compressed by CFITSIO/i;

/**
 * The header of the image in an HDU. For a compressed image it is the original header, as restored
 * by funpack: without the cards of the table and of the compression, and with ZBITPIX, ZNAXISn and
 * so on under their original names; all other cards are unchanged, byte for byte.
 * XTENSION and SIMPLE are not among the cards of a restored header: the writer adds the one it
 * needs.
 */
export function imageHeader(hdu: Hdu): Header {
  if (!isCompressedImage(hdu)) return hdu.header;
  const cards: Card[] = [];
  for (const card of hdu.header.cards) {
    const renamed = card.kind === "value" ? newName(card.keyword) : undefined;
    if (renamed !== undefined) cards.push(valueCard(renamed, card.value ?? "", card.comment));
    else if (!isOfTable(card)) cards.push(card);
  }
  return headerFromCards(structureFirst(cards));
}

function newName(keyword: string): string | undefined {
  const axis = /^ZNAXIS(\d+)$/.exec(keyword);
  return axis === null ? RENAMED[keyword] : `NAXIS${axis[1]}`;
}

function isOfTable(card: Card): boolean {
  if (card.kind === "value") {
    return TABLE.test(card.keyword) || (card.keyword === "EXTNAME" && card.value === "COMPRESSED_IMAGE");
  }
  return card.keyword === "COMMENT" && FPACK_COMMENT.test(card.comment ?? "");
}

/**
 * All cards of the image in an HDU, with SIMPLE or XTENSION: as stored, or for a compressed image
 * as readers such as astropy show them.
 */
export function restoredCards(hdu: Hdu): readonly Card[] {
  if (!isCompressedImage(hdu)) return hdu.header.cards;
  const { index } = hdu.header;
  const primary = index.get("ZSIMPLE");
  const extension = index.get("ZTENSION");
  const first =
    primary === undefined
      ? valueCard("XTENSION", extension?.value ?? "IMAGE", extension?.comment ?? "image extension")
      : valueCard("SIMPLE", primary.value ?? true, primary.comment);
  return [first, ...imageHeader(hdu).cards];
}

const STRUCTURE = /^(?:BITPIX|NAXIS(\d*))$/;

/** Puts BITPIX, NAXIS, NAXIS1, ... first, in the order required by FITS 4.0, 4.4.1. */
function structureFirst(cards: readonly Card[]): readonly Card[] {
  const rank = ({ keyword }: Card) => {
    const match = STRUCTURE.exec(keyword);
    return match === null ? undefined : match[1] === undefined ? -1 : Number(match[1]);
  };
  const structure = cards.filter((card) => card.kind === "value" && rank(card) !== undefined);
  const others = cards.filter((card) => card.kind !== "value" || rank(card) === undefined);
  return [...structure.toSorted((a, b) => rank(a)! - rank(b)!), ...others];
}

/** Keywords that describe how an HDU is stored in its file, and so never apply to another one. */
const OWN =
  /^(?:SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|BLOCKED|BSCALE|BZERO|BLANK|EXTNAME|EXTVER|EXTLEVEL|INHERIT|CHECKSUM|DATASUM|TFIELDS|THEAP)$/;

/**
 * The header of an extension with the keywords that it inherits (the INHERIT convention; FITS 4.0,
 * 4.4.2.6): with INHERIT = T and a primary HDU without data, keywords of the primary header that
 * the extension lacks are appended. Text cards, and keywords about structure and scaling, are not
 * inherited.
 * Without inheritance, returns `header` itself.
 * @param header of the extension, from `imageHeader`
 * @param primary the first HDU of the file
 */
export function inheritedHeader(header: Header, primary: Hdu): Header {
  if (headerFlag(header, "INHERIT") !== true || (headerInteger(primary.header, "NAXIS") ?? 0) !== 0)
    return header;
  const more = primary.header.cards.filter(
    ({ kind, keyword }) => kind === "value" && !OWN.test(keyword) && !header.index.has(keyword),
  );
  return headerFromCards([...header.cards, ...more]);
}
