import { type ByteSource, type Card, readSection } from "@sbnsis/fits";
import {
  CARD_LENGTH,
  dataSum,
  packPixels,
  paddedLength,
  parseCards,
  sectionMemory,
  withChecksums,
} from "@sbnsis/fits/internal";
import { nodeInflate } from "../../../archive/node-inflate.ts";
import type { CachedFile } from "../../cache/product-cache.ts";
import type { CutoutPlan } from "../../plan/plan-cutout.ts";
import { holdMemory } from "../../threads/task-memory.ts";
import { scratchBuffer, scratchPixels } from "../reused-memory.ts";
import { writeProduct } from "../write-product.ts";
import { headerText } from "./make-header.ts";
import { maskPixels } from "./mask-region.ts";
import { minimalCards } from "./minimal-cards.ts";
import { packedImage } from "./packed-image.ts";

/** DATASUM, CHECKSUM and END. */
const ADDED_CARDS = 3;

/**
 * Executes a plan: reads and decodes the section, and writes a FITS file with the image in the
 * primary HDU, or packed in the first extension, followed by extensions if needed; or only the
 * header of that file as text. Errors: FITS_*, MEMORY_*, those of the source and
 * the checkpoint.
 */
export async function makeCutout(
  source: ByteSource,
  plan: CutoutPlan,
  path: string,
  checkpoint: () => void = () => undefined,
): Promise<CachedFile> {
  // the pixels again as values, and again in the file
  const { section, header } = plan;
  holdMemory("read for a cutout", sectionMemory(section) + 16 * section.pixels + header.length);
  const pixels = await readSection(source, plan.section, {
    inflate: nodeInflate,
    buffer: scratchBuffer,
    memory: scratchPixels,
    checkpoint,
  });
  const { form } = plan;
  const added = plan.mask === undefined ? [] : maskPixels(pixels, plan.mask, plan.box, plan.blank);
  const cards = [
    ...(form.header === "full" && !form.pack
      ? [asOneCard(plan.header)]
      : chosenCards(parseCards(plan.header), form)),
    ...added,
  ];
  if (form.pack) {
    const { bitpix, box } = section;
    const shape = [box.shape[0]!, box.shape[1]!] as const;
    const { quantization } = form;
    const image = await packedImage({ shape, bitpix, pixels, cards, quantization }, checkpoint);
    return writeProduct(path, [...image, ...plan.extensions]);
  }
  const cardBytes = cards.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const dataAt = paddedLength(cardBytes + ADDED_CARDS * CARD_LENGTH);
  const extensionsAt = dataAt + paddedLength(pixels.byteLength);
  const length = plan.extensions.reduce((sum, hdu) => sum + hdu.length, extensionsAt);
  const file = new Uint8Array(length);
  const data = file.subarray(dataAt, dataAt + pixels.byteLength);
  packPixels(pixels, 1, pixels.BYTES_PER_ELEMENT, data);
  file.set(withChecksums(cards, dataSum(data)));
  if (form.asText) return writeProduct(path, [headerText(file.subarray(0, dataAt))]);
  let at = extensionsAt;
  for (const hdu of plan.extensions) {
    file.set(hdu, at);
    at += hdu.length;
  }
  return writeProduct(path, [file]);
}

function chosenCards(cards: readonly Card[], { header, ignoresSip }: CutoutPlan["form"]): readonly Card[] {
  return header === "minimal" ? minimalCards(cards, ignoresSip) : cards;
}

/** Cards that were already joined. */
function asOneCard(bytes: Uint8Array): Card {
  return { keyword: "", kind: "text", bytes };
}
