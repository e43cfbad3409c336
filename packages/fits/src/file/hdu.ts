import { FitsError } from "../errors.ts";
import { type Header, headerFlag, headerInteger, headerText, textOrNothing } from "../header/header.ts";
import { cardNumber } from "../header/read-card.ts";

/**
 * Content of an HDU: an image (primary or IMAGE extension), a binary or ASCII table, random groups,
 * or an extension of another kind.
 */
export type HduKind = "image" | "bintable" | "table" | "groups" | "other";

/** Bits of a pixel, negative for floats (FITS 4.0, 4.4.1.1). */
export type Bitpix = 8 | 16 | 32 | 64 | -32 | -64;

/** A header and the position of its data. */
export interface Hdu {
  /** From 0. */
  readonly index: number;
  readonly kind: HduKind;
  /** EXTNAME; undefined when absent. */
  readonly name: string | undefined;
  /** EXTVER; defaults to 1; undefined when it cannot be read. */
  readonly version: number | undefined;
  readonly header: Header;
  /** Byte at which the header begins. */
  readonly headerOffset: number;
  /** Byte at which the data begin. */
  readonly dataOffset: number;
  /** Bytes of data according to the header, without padding; the file may end before. */
  readonly dataLength: number;
}

const BITPIX: ReadonlySet<number> = new Set([8, 16, 32, 64, -32, -64]);

/** Whether a number is one of the values of BITPIX. */
export function isBitpix(value: number | undefined): value is Bitpix {
  return value !== undefined && BITPIX.has(value);
}

/**
 * NAXIS1, NAXIS2, ... for the keywords that begin with `prefix` (`NAXIS`, `ZNAXIS`), the fastest
 * axis first; empty for NAXIS = 0.
 * Errors: FITS_CORRUPT when one is missing or impossible.
 */
export function axisLengths(header: Header, prefix: "NAXIS" | "ZNAXIS"): readonly number[] {
  const naxis = headerInteger(header, prefix);
  if (naxis === undefined || naxis < 0 || naxis > 999) throw badCard(header, prefix);
  return Array.from({ length: naxis }, (_, i) => {
    const length = headerInteger(header, `${prefix}${i + 1}`);
    if (length === undefined || length < 0) throw badCard(header, `${prefix}${i + 1}`);
    return length;
  });
}

/** An error that names a card and its value. */
export function badCard(header: Header, keyword: string): FitsError {
  const card = header.index.get(keyword);
  const says = card === undefined ? "is missing" : `is ${String(card.value)}, which is invalid`;
  return new FitsError("FITS_CORRUPT", `${keyword} ${says}`, { details: { keyword } });
}

/**
 * The HDU of a header. Errors: FITS_CORRUPT when the header does not give the length of the data.
 */
export function hduOf(index: number, header: Header, headerOffset: number, dataOffset: number): Hdu {
  return {
    index,
    kind: kindOf(header),
    name: textOrNothing(header, "EXTNAME"),
    version: versionOf(header),
    header,
    headerOffset,
    dataOffset,
    dataLength: dataLength(header),
  };
}

function versionOf(header: Header): number | undefined {
  const card = header.index.get("EXTVER");
  const version = card === undefined ? 1 : cardNumber(card);
  return Number.isSafeInteger(version) ? version : undefined;
}

function kindOf(header: Header): HduKind {
  const extension = headerText(header, "XTENSION")?.toUpperCase();
  if (extension === undefined) return isGroups(header) ? "groups" : "image";
  if (extension === "IMAGE" || extension === "IUEIMAGE") return "image";
  if (extension === "BINTABLE" || extension === "A3DTABLE") return "bintable";
  return extension === "TABLE" ? "table" : "other";
}

/** GROUPS = T and NAXIS1 = 0 (FITS 4.0, 6.1.1); empty ones have no axes. */
function isGroups(header: Header): boolean {
  const isEmpty = headerInteger(header, "NAXIS") === 0;
  // GROUPS has a meaning only with NAXIS1 = 0: in other images it may have any value.
  return (isEmpty || headerInteger(header, "NAXIS1") === 0) && headerFlag(header, "GROUPS") === true;
}

/** FITS 4.0, equations 1, 2 and 4: |BITPIX| / 8 * GCOUNT * (PCOUNT + product of the axes). */
function dataLength(header: Header): number {
  const bitpix = headerInteger(header, "BITPIX");
  if (!isBitpix(bitpix)) throw badCard(header, "BITPIX");
  const axes = axisLengths(header, "NAXIS");
  if (axes.length === 0) return 0;
  const extension = header.index.has("XTENSION");
  const groups = !extension && isGroups(header);
  const pixels = (groups ? axes.slice(1) : axes).reduce((product, length) => product * length, 1);
  // PCOUNT and GCOUNT have a meaning only in extensions and groups.
  const counted = extension || groups;
  const pcount = counted ? (headerInteger(header, "PCOUNT") ?? 0) : 0;
  const gcount = counted ? (headerInteger(header, "GCOUNT") ?? 1) : 1;
  if (pcount < 0) throw badCard(header, "PCOUNT");
  if (gcount < 0) throw badCard(header, "GCOUNT");
  const length = (Math.abs(bitpix) / 8) * gcount * (pcount + pixels);
  if (!Number.isSafeInteger(length)) {
    throw new FitsError("FITS_TOO_LARGE", `the header declares ${length} bytes of data`, {
      details: { axes: axes.join(" ") },
    });
  }
  return length;
}
