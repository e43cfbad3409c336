import { type ByteSource, headerBytes } from "@sbnsis/fits";
import { CARD_LENGTH, restoredCards } from "@sbnsis/fits/internal";
import type { CachedFile } from "../../cache/product-cache.ts";
import { findImage } from "../../describe/find-image.ts";
import { writeProduct } from "../write-product.ts";

/**
 * Writes the header of a file's image as text, as FITS readers show it: that of a compressed image
 * is restored. Its coordinate system may be one that cannot be used.
 * Errors: NO_IMAGE, FITS_*, those of the source.
 *
 * @param preferredHdu from 0
 */
export async function makeHeader(
  source: ByteSource,
  preferredHdu: number,
  path: string,
): Promise<CachedFile> {
  const { hdu } = await findImage(source, preferredHdu);
  return writeProduct(path, [headerText(headerBytes(restoredCards(hdu)))]);
}

/** Line feed. */
const NEWLINE = 10;
const QUESTION_MARK = 63;

/**
 * Cards as text: one line of 80 characters for each, up to and including END. Bytes other than
 * printable ASCII, which FITS does not allow (4.0, 4.1.2), become `?` as in astropy.
 * @param header cards of 80 bytes with END
 */
export function headerText(header: Uint8Array): Uint8Array {
  const count = endCard(header) + 1;
  const lines = new Uint8Array(count * (CARD_LENGTH + 1));
  for (let line = 0; line < count; line++) {
    for (let i = 0; i < CARD_LENGTH; i++) {
      const byte = header[line * CARD_LENGTH + i]!;
      lines[line * (CARD_LENGTH + 1) + i] = byte >= 32 && byte < 127 ? byte : QUESTION_MARK;
    }
    lines[line * (CARD_LENGTH + 1) + CARD_LENGTH] = NEWLINE;
  }
  return lines;
}

/** Number of the END card, which `headerBytes` writes last; from 0. */
function endCard(header: Uint8Array): number {
  for (let card = header.length / CARD_LENGTH - 1; card > 0; card--) {
    const at = card * CARD_LENGTH;
    if (header[at] !== 32) return card;
  }
  return 0;
}
