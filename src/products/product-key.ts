import { createHash } from "node:crypto";
import type { AvmFacts } from "../imaging/avm.ts";
import type { LocalFile } from "../storage/local-file.ts";
import type { ProductRequest } from "./product.ts";

/** Raised whenever the same request would give other bytes than before, so that old products are not sent for new ones. */
const PRODUCT_REVISION = 1;

/**
 * Canonical key of a product: 64 hexadecimal digits that depend on the source's state and on every part of the request that
 * changes the bytes, each in a field of its own.
 *
 * @param facts what a picture says about itself
 */
export function productKey(
  source: LocalFile,
  request: ProductRequest,
  version: string,
  facts: AvmFacts = {},
): string {
  const { cutout } = request;
  const parts = {
    revision: PRODUCT_REVISION,
    version,
    id: request.id,
    source: [source.path, source.size, source.mtimeMs],
    format: request.format,
    align: request.align,
    picture: request.picture ?? null,
    facts,
    cutout: cutout === undefined ? null : [cutout.ra, cutout.dec, cutout.size.arcsec, cutout.size.text],
  };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
