import { located } from "../file/fits-file.ts";
import { axisLengths, type Bitpix, badCard, type Hdu, isBitpix } from "../file/hdu.ts";
import { type Header, headerFlag, headerInteger, headerLongInteger, headerNumber } from "../header/header.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { describeTiles, type TiledStorage } from "./tile-table.ts";

/** Pixels that lie in the file as they are, the first axis fastest. */
interface PlainStorage {
  readonly kind: "plain";
  /** Byte of the first pixel. */
  readonly offset: number;
}

/** An image of a file as plain data: all that is needed to plan a section of it. */
export interface ImageDescription {
  /** Number of its HDU, from 0. */
  readonly hdu: number;
  /** BITPIX of the image, ZBITPIX where it is compressed. */
  readonly bitpix: Bitpix;
  /** Pixels along each axis, NAXIS1 first; at least one axis. */
  readonly naxis: readonly number[];
  /**
   * Physical value = stored value * bscale + bzero (FITS 4.0, 4.4.2.5). 1 and 0 where the header says nothing, and for quantised floats, which have no stored
   * values of their own: BSCALE and BZERO are part of how they are restored (see Quantization).
   */
  readonly bscale: number;
  readonly bzero: number;
  /**
   * The stored integer that means no value (BLANK, or ZBLANK of a compressed image); bigint where a double does not hold it.
   * Undefined for floats, which have NaN.
   */
  readonly blank: number | bigint | undefined;
  readonly storage: PlainStorage | TiledStorage;
  /** Bytes in the file: no range of a plan reaches further. */
  readonly fileSize: number;
}

/** Whether an HDU is a tile-compressed image (FITS 4.0, 10.1). */
export function isCompressedImage({ kind, header }: Hdu): boolean {
  return kind === "bintable" && headerFlag(header, "ZIMAGE") === true;
}

/**
 * Lengths of the axes of the image in an HDU, compressed or not, NAXIS1 first; undefined when it holds no pixels.
 * Errors: FITS_CORRUPT.
 */
export function imageAxes(hdu: Hdu): readonly number[] | undefined {
  const compressed = isCompressedImage(hdu);
  if (!compressed && hdu.kind !== "image") return undefined;
  const naxis = located(hdu.index, hdu.headerOffset, () =>
    axisLengths(hdu.header, compressed ? "ZNAXIS" : "NAXIS"),
  );
  return naxis.length === 0 || naxis.includes(0) ? undefined : naxis;
}

/**
 * Describes the image of an HDU; of a compressed one the table of tiles is read, not their bytes. Undefined when the HDU holds no image or one without pixels.
 * Errors: FITS_CORRUPT, FITS_TRUNCATED, FITS_TOO_LARGE, FITS_UNSUPPORTED, those of the source.
 */
export async function describeImage(
  source: ByteSource,
  hdu: Hdu,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ImageDescription | undefined> {
  const naxis = imageAxes(hdu);
  if (naxis === undefined) return undefined;
  const { header } = hdu;
  const compressed = isCompressedImage(hdu);
  const fileSize = await source.size(options);
  const keyword = compressed ? "ZBITPIX" : "BITPIX";
  const bitpix = located(hdu.index, hdu.headerOffset, () => {
    const value = headerInteger(header, keyword);
    if (!isBitpix(value)) throw badCard(header, keyword);
    return value;
  });
  const storage = compressed
    ? await describeTiles(source, hdu, naxis, bitpix, fileSize, options)
    : ({ kind: "plain", offset: hdu.dataOffset } as const);
  const isQuantized = storage.kind === "tiled" && storage.quantization !== undefined;
  const scaling = (keyword: string, absent: number) =>
    located(hdu.index, hdu.headerOffset, () => headerNumber(header, keyword) ?? absent);
  return {
    hdu: hdu.index,
    bitpix,
    naxis,
    bscale: isQuantized ? 1 : scaling("BSCALE", 1),
    bzero: isQuantized ? 0 : scaling("BZERO", 0),
    blank: bitpix < 0 ? undefined : located(hdu.index, hdu.headerOffset, () => blankOf(header, storage)),
    storage,
    fileSize,
  };
}

function blankOf(header: Header, storage: PlainStorage | TiledStorage): number | bigint | undefined {
  const blank = headerLongInteger(header, "BLANK");
  if (storage.kind === "plain") return blank;
  return blank ?? storage.blank ?? headerLongInteger(header, "ZBLANK");
}
