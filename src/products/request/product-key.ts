import { createHash } from "node:crypto";
import type { AvmFacts } from "@sbnsis/imaging";
import type { ProductRequest, RegionRequest } from "../product.ts";
import type { SourceFile } from "./source-file.ts";

/**
 * Increased whenever the same request would return other bytes than before, so that outdated
 * products are not served.
 */
const PRODUCT_REVISION = 5;

/**
 * Canonical key of a product: 64 hexadecimal digits derived from the source's state and every part
 * of the request that affects the bytes, each in a field of its own.
 *
 * @param facts what a picture's metadata says
 * @param others the other images of a color picture
 */
export function productKey(
  source: SourceFile,
  request: ProductRequest,
  version: string,
  facts: AvmFacts = {},
  others: readonly SourceFile[] = [],
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
    ...(request.fits !== undefined && { fits: [request.fits.pack ?? null, request.fits.header ?? null] }),
    facts,
    ...(request.region !== undefined && { region: regionParts(request.region) }),
    ...(request.colour !== undefined && { colour: request.colour, others: others.map(stateParts) }),
    cutout:
      cutout === undefined ? null : [cutout.ra, cutout.dec, cutout.size.arcsec ?? null, cutout.size.text],
  };
  return digest(parts);
}

/** The limit too: a product that is too large for one interface can be stored for another one. */
function regionParts({ shape, text, mask, maximumPixels }: RegionRequest): readonly unknown[] {
  return [shape, text, mask ?? null, maximumPixels ?? null];
}

/**
 * Canonical key of a product of several frames.
 * @param sources of its frames, in order
 */
export function stackKey(sources: readonly SourceFile[], parts: object): string {
  return digest({ revision: PRODUCT_REVISION, sources: sources.map(stateParts), ...parts });
}

/** Canonical key of tiles of an image: which ones is in `parts`. */
export function tileKey(source: SourceFile, parts: object): string {
  return digest({ tiles: stateParts(source), ...parts });
}

/** Canonical key of an archive's file in one state: 64 hexadecimal digits. */
export function wholeFileKey(source: SourceFile): string {
  return digest({ whole: stateParts(source) });
}

function stateParts({ location, identity }: SourceFile): readonly (string | number | null)[] {
  const { size, mtimeMs, etag, tagDecides, hasWeakTime } = identity;
  // the nodes of one archive may send different tags for the same file
  const needsTag = mtimeMs === undefined || tagDecides;
  const tag = needsTag ? (etag ?? null) : null;
  // what was made from a file in the second of its change is not of that which has that time later
  return [location, size, mtimeMs ?? null, hasWeakTime ? `weak time ${etag ?? ""}` : tag];
}

function digest(parts: object): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/**
 * Entity tag of a product, derived from its key: bytes that are made or downloaded again keep their
 * tag.
 */
export function keyTag(key: string): string {
  return `"${key.slice(0, 32)}"`;
}

/**
 * Entity tag of a local file that is sent unchanged, by its size and the time of its last change.
 */
export function entityTag(size: number, mtimeMs: number): string {
  return `"${size.toString(36)}-${Math.round(mtimeMs * 1000).toString(36)}"`;
}
