import { createHash } from "node:crypto";
import type { AvmFacts } from "@sbnsis/imaging";
import type { ProductRequest } from "../product.ts";
import type { SourceFile } from "./source-file.ts";

/** Raised whenever the same request would give other bytes than before, so that old products are not sent for new ones. */
const PRODUCT_REVISION = 3;

/**
 * Canonical key of a product: 64 hexadecimal digits that depend on the source's state and on every part of the request that
 * changes the bytes, each in a field of its own.
 *
 * @param facts what a picture says about itself
 */
export function productKey(
  source: SourceFile,
  request: ProductRequest,
  version: string,
  facts: AvmFacts = {},
): string {
  const { cutout } = request;
  const parts = {
    revision: PRODUCT_REVISION,
    version,
    id: request.id,
    source: stateParts(source),
    format: request.format,
    align: request.align,
    picture: request.picture ?? null,
    facts,
    cutout:
      cutout === undefined ? null : [cutout.ra, cutout.dec, cutout.size.arcsec ?? null, cutout.size.text],
  };
  return digest(parts);
}

/** Canonical key of an archive's file as it is, in one state of it: 64 hexadecimal digits. */
export function wholeFileKey(source: SourceFile): string {
  return digest({ whole: stateParts(source) });
}

function stateParts({ location, identity }: SourceFile): readonly (string | number | null)[] {
  const { size, mtimeMs, etag } = identity;
  // the nodes of one archive may give one file different tags
  return [location, size, mtimeMs ?? null, mtimeMs === undefined ? (etag ?? null) : null];
}

function digest(parts: object): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
