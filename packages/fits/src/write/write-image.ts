import { packPixels } from "../codecs/tile/tile-bytes.ts";
import { FitsError } from "../errors.ts";
import { dataSum, withChecksums } from "../file/checksum.ts";
import type { Bitpix } from "../file/hdu.ts";
import type { Card } from "../header/card.ts";
import { paddedLength } from "../header/header.ts";
import { valueCard } from "../header/write-card.ts";
import type { StoredArray } from "../read/physical-values.ts";

/** Keywords that describe how an HDU is stored in its file; they are rewritten. */
const STRUCTURE = /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|CHECKSUM|DATASUM)$/;

/** An image to write. */
export interface ImageToWrite {
  /** Pixels along each axis, NAXIS1 first. */
  readonly naxis: readonly number[];
  /** Stored values, the first axis fastest, native byte order; the array's type gives BITPIX. */
  readonly pixels: StoredArray;
  /** The rest of the header. Structural cards and checksums among them are left out. */
  readonly cards?: readonly Card[];
  /** `primary` (the default) or an IMAGE extension. */
  readonly kind?: "primary" | "extension";
  /** Date in the comments of the checksums; see withChecksums. */
  readonly date?: string;
}

/** BITPIX of an array of stored pixels. */
export function bitpixOf(pixels: StoredArray): Bitpix {
  if (pixels instanceof Float32Array) return -32;
  if (pixels instanceof Float64Array) return -64;
  return (8 * pixels.BYTES_PER_ELEMENT) as Bitpix;
}

/** The cards without those that describe how an HDU is stored in its file. */
export function withoutStructure(cards: readonly Card[]): readonly Card[] {
  return cards.filter(
    ({ keyword, kind }) => kind === "text" || (kind === "value" && !STRUCTURE.test(keyword)),
  );
}

/**
 * The bytes of a whole image HDU, padded, with CHECKSUM and DATASUM (FITS 4.0, 3.3.2, 4.4.2.7).
 * Errors: FITS_WRITE when the axes do not match the number of pixels.
 */
export function imageHdu({ naxis, pixels, cards = [], kind = "primary", date }: ImageToWrite): Uint8Array {
  const count = naxis.length === 0 ? 0 : naxis.reduce((product, length) => product * length, 1);
  if (count !== pixels.length) {
    throw new FitsError("FITS_WRITE", `${pixels.length} pixels for an image of ${naxis.join(" x ")}`);
  }
  const data = packPixels(pixels, 1, pixels.BYTES_PER_ELEMENT);
  const structure = [...imageStructure(kind, bitpixOf(pixels), naxis), ...withoutStructure(cards)];
  const header = withChecksums(structure, dataSum(data), date === undefined ? {} : { date });
  const bytes = new Uint8Array(header.length + paddedLength(data.length));
  bytes.set(header);
  bytes.set(data, header.length);
  return bytes;
}

/** A primary HDU without data, for a file of extensions. */
export function emptyPrimary(cards: readonly Card[] = []): Uint8Array {
  return imageHdu({ naxis: [], pixels: new Uint8Array(0), cards });
}

/** The mandatory cards of an image (FITS 4.0, 4.4.1). */
function imageStructure(kind: "primary" | "extension", bitpix: Bitpix, naxis: readonly number[]): Card[] {
  const first =
    kind === "primary"
      ? valueCard("SIMPLE", true, "conforms to the FITS standard")
      : valueCard("XTENSION", "IMAGE", "image extension");
  const last =
    kind === "primary"
      ? [valueCard("EXTEND", true, "extensions may follow")]
      : [valueCard("PCOUNT", 0, "no parameters"), valueCard("GCOUNT", 1, "one group")];
  return [
    first,
    valueCard("BITPIX", bitpix, "bits of a pixel"),
    valueCard("NAXIS", naxis.length, "number of axes"),
    ...naxis.map((length, i) => valueCard(`NAXIS${i + 1}`, length)),
    ...last,
  ];
}
