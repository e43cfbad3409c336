import { located } from "../file/fits-file.ts";
import { axisLengths, type Bitpix, badCard, type Hdu, isBitpix } from "../file/hdu.ts";
import { type Header, headerFlag, headerInteger, headerLongInteger, headerNumber } from "../header/header.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { describeTiles, type TiledStorage } from "./tile-table.ts";

/** Pixels stored without compression, the first axis fastest. */
interface PlainStorage {
  readonly kind: "plain";
  /** Byte offset of the first pixel. */
  readonly offset: number;
}

/** An image of a file as plain data, sufficient to plan the reading of a section. */
export interface ImageDescription {
  /** Number of the HDU, from 0. */
  readonly hdu: number;
  /** BITPIX of the image: ZBITPIX if compressed. */
  readonly bitpix: Bitpix;
  /** Pixels along each axis, NAXIS1 first; at least one axis. */
  readonly naxis: readonly number[];
  /**
   * Physical value = stored value * bscale + bzero (FITS 4.0, 4.4.2.5).
   * Defaults to 1 and 0, also for quantized floats: there BSCALE and BZERO are part of the
   * dequantization (see Quantization), except after {@link withStoredFloats}.
   */
  readonly bscale: number;
  readonly bzero: number;
  /**
   * The stored integer for a missing value (BLANK, or ZBLANK of a compressed image); a bigint when
   * a double cannot represent it. Undefined for floats, which have NaN.
   */
  readonly blank: number | bigint | undefined;
  readonly storage: PlainStorage | TiledStorage;
  /** Length of the file, which no range of a plan exceeds. */
  readonly fileSize: number;
}

/** Whether an HDU is a tile-compressed image (FITS 4.0, 10.1). */
export function isCompressedImage({ kind, header }: Hdu): boolean {
  return kind === "bintable" && headerFlag(header, "ZIMAGE") === true;
}

/**
 * Lengths of the axes of the image in an HDU, compressed or not, NAXIS1 first; undefined when it
 * has no pixels.
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
 * Describes the image of an HDU; for a compressed image, reads the tile table but not the tiles.
 * Undefined when the HDU has no image or an empty one.
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

/**
 * The image with quantized floats as an uncompressed file would store them (FITS 4.0, 10.2): as
 * written by funpack, before BSCALE and BZERO, which the description then has. Other images are
 * returned unchanged. Physical values are rounded twice, as in astropy; those of `image` once, as
 * in cfitsio.
 */
export function withStoredFloats(image: ImageDescription): ImageDescription {
  const { storage } = image;
  if (storage.kind === "plain" || storage.quantization === undefined) return image;
  const { bscale, bzero } = storage.quantization;
  const quantization = { ...storage.quantization, bscale: 1, bzero: 0 };
  return { ...image, bscale, bzero, storage: { ...storage, quantization } };
}

function blankOf(header: Header, storage: PlainStorage | TiledStorage): number | bigint | undefined {
  const blank = headerLongInteger(header, "BLANK");
  if (storage.kind === "plain") return blank;
  return blank ?? storage.blank ?? headerLongInteger(header, "ZBLANK");
}
