import type { ByteSource } from "@sbnsis/fits";
import { headerBytes } from "@sbnsis/fits";
import { restoredCards } from "@sbnsis/fits/internal";
import type { CachedFile } from "../cache/product-cache.ts";
import { findImage } from "../describe/find-image.ts";
import { headerText } from "./header-text.ts";
import { writeProduct } from "./write-product.ts";

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
