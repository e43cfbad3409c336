import type { Inflate } from "../codecs/deflate/inflate.ts";
import { unpackPixels } from "../codecs/tile/tile-bytes.ts";
import { FitsError } from "../errors.ts";
import { sharedKernel } from "../kernel/kernel.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { decodeTiles } from "./decode-tiles.ts";
import { pixelBytes, type SectionPlan } from "./section-plan.ts";
import { type StoredArray, storedArray } from "./stored-pixels.ts";

/** How a section is read. */
export interface ReadSectionOptions {
  readonly signal?: AbortSignal;
  /** Decompressor of the GZIP codecs; default pure TypeScript. */
  readonly inflate?: Inflate;
  /** Gives a buffer of at least so many bytes for what is read; it is free again when the section is there. Default: a new one. */
  readonly buffer?: (length: number) => Uint8Array;
  /** Gives the memory of the pixels, at least so many bytes at a multiple of 8, whatever is in it. Default: new memory. */
  readonly memory?: (length: number) => Uint8Array<ArrayBuffer>;
  /** Called between tiles, or runs of rows; what it throws ends the work. */
  readonly checkpoint?: () => void;
}

/**
 * Reads and decodes a section: the stored pixels of its box, the first axis fastest.
 * Errors: FITS_TILE_CORRUPT, FITS_UNSUPPORTED, those of the source; what the signal's reason is when it is aborted.
 */
export async function readSection(
  source: ByteSource,
  plan: SectionPlan,
  options: ReadSectionOptions = {},
): Promise<StoredArray> {
  const { signal, inflate, buffer, memory, checkpoint } = options;
  const into = buffer === undefined ? new Uint8Array(plan.bytes) : buffer(plan.bytes);
  await source.read(plan.ranges, signal === undefined ? { into } : { into, signal });
  return decodeSection(plan, into, inflate, memory?.(plan.pixels * pixelBytes(plan.bitpix)), checkpoint);
}

/** The decoding half of {@link readSection}: `bytes` holds the ranges of the plan back to back; the pixels go into `memory`, or into new memory. */
export function decodeSection(
  plan: SectionPlan,
  bytes: Uint8Array,
  inflate?: Inflate,
  memory?: Uint8Array<ArrayBuffer>,
  checkpoint?: () => void,
): StoredArray {
  const out = storedArray(plan.bitpix, plan.pixels, memory);
  if (bytes.length < plan.bytes)
    throw new FitsError(
      "FITS_TRUNCATED",
      `${bytes.length} bytes were read where the section has ${plan.bytes}`,
    );
  if (plan.content.kind === "tiles") {
    decodeTiles(plan.hdu, plan.box, plan.content, bytes, out, inflate, checkpoint);
    return out;
  }
  const { rowLength, positions } = plan.content;
  const width = pixelBytes(plan.bitpix);
  const kernel = sharedKernel();
  // Rows that lie directly behind one another are unpacked at once.
  for (let row = 0; row < positions.length; ) {
    checkpoint?.();
    let end = row + 1;
    while (end < positions.length && positions[end] === positions[end - 1]! + rowLength * width) end++;
    const pixels = (end - row) * rowLength;
    const from = positions[row]!;
    unpackPixels(
      bytes.subarray(from, from + pixels * width),
      out.subarray(row * rowLength, row * rowLength + pixels) as StoredArray,
      pixels,
      width,
      1,
      width,
      kernel,
    );
    row = end;
  }
  return out;
}
