import { isCompressedImage } from "../describe/image-description.ts";
import type { Hdu } from "../file/hdu.ts";
import type { Card } from "./card.ts";
import { type Header, headerFromCards } from "./header.ts";
import { valueCard } from "./write-card.ts";

/** Keywords of a tile-compressed image that take the place of those of its table (FITS 4.0, 10.1). */
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

/** Keywords that are of the table alone, or of its compression. */
const TABLE =
  /^(?:XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|T(?:TYPE|FORM|UNIT|SCAL|ZERO|NULL|DISP|DIM)\d+|CHECKSUM|DATASUM|ZIMAGE|ZSIMPLE|ZTENSION|ZCMPTYPE|ZMASKCMP|ZQUANTIZ|ZDITHER0|ZSCALE|ZZERO|ZBLANK|ZTILE\d+|ZNAME\d+|ZVAL\d+|FZALGOR|FZQVALUE|FZTILE|FZQMETHD|FZDTHRSD|FZINT2F|FZHSCALE)$/;

/** Comment that fpack writes about itself. */
const FPACK_COMMENT = /^\s*Image was compressed by CFITSIO/i;

/**
 * The header of the image in an HDU. Of a compressed one it is the header that the image had, as funpack restores it: the cards of the table and
 * of the compression are gone, ZBITPIX, ZNAXISn and the others stand under the names of the image; everything else is byte for byte what it was. XTENSION or
 * SIMPLE is not among the cards of a restored header: who writes it says which it is.
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

const STRUCTURE = /^(?:BITPIX|NAXIS(\d*))$/;

/** BITPIX, NAXIS, NAXIS1, ... in the order that FITS 4.0, 4.4.1 asks for, before all others. */
function structureFirst(cards: readonly Card[]): readonly Card[] {
  const rank = ({ keyword }: Card) => {
    const match = STRUCTURE.exec(keyword);
    return match === null ? undefined : match[1] === undefined ? -1 : Number(match[1]);
  };
  const structure = cards.filter((card) => card.kind === "value" && rank(card) !== undefined);
  const others = cards.filter((card) => card.kind !== "value" || rank(card) === undefined);
  return [...structure.toSorted((a, b) => rank(a)! - rank(b)!), ...others];
}
