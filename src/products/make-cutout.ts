import type { ByteSource } from "../fits/byte-source.ts";
import type { Card } from "../fits/card.ts";
import { dataSum, withChecksums } from "../fits/checksum.ts";
import { packPixels } from "../fits/codecs/tile-bytes.ts";
import { BLOCK_LENGTH } from "../fits/header.ts";
import { physicalValues } from "../fits/physical-values.ts";
import { readSection } from "../fits/read-section.ts";
import type { StoredArray } from "../fits/stored-pixels.ts";
import { nodeInflate } from "../storage/node-inflate.ts";
import type { CutoutPlan } from "./plan-cutout.ts";
import type { CachedFile } from "./product-cache.ts";
import { scratchBuffer } from "./scratch-buffer.ts";
import { writeProduct } from "./write-product.ts";

/** Executes a plan: reads and decodes the section and writes it as a FITS file of one primary HDU. Errors: FITS_*, CACHE_UNAVAILABLE, those of the source. */
export async function makeCutout(source: ByteSource, plan: CutoutPlan, path: string): Promise<CachedFile> {
  const stored = await readSection(source, plan.section, { inflate: nodeInflate, buffer: scratchBuffer });
  // Only quantised floats are scaled here: what comes out is a float array again.
  const pixels = plan.scaling === undefined ? stored : (physicalValues(plan.scaling, stored) as StoredArray);
  const data = packPixels(pixels, 1, pixels.BYTES_PER_ELEMENT);
  const header = withChecksums([asOneCard(plan.header)], dataSum(data));
  return writeProduct(path, [header, data, new Uint8Array(padding(data.length))]);
}

/** Cards that were joined already. */
function asOneCard(bytes: Uint8Array): Card {
  return { keyword: "", kind: "text", bytes };
}

function padding(length: number): number {
  return (BLOCK_LENGTH - (length % BLOCK_LENGTH)) % BLOCK_LENGTH;
}
