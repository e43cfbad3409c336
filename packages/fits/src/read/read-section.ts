import type { Inflate } from "../codecs/deflate/inflate.ts";
import type { RowSink } from "../codecs/tile/row-sink.ts";
import { unpackPixels } from "../codecs/tile/tile-bytes.ts";
import { FitsError } from "../errors.ts";
import { sharedKernel } from "../kernel/kernel.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { areQuantizedRows, decodeRows, decodeTiles } from "./decode-tiles.ts";
import { type StoredArray, storedArray } from "./physical-values.ts";
import { pixelBytes, type SectionPlan } from "./section-plan.ts";

/** Options for reading a section. */
export interface ReadSectionOptions {
  readonly signal?: AbortSignal;
  /** Decompressor of the GZIP codecs; defaults to pure TypeScript. */
  readonly inflate?: Inflate;
  /**
   * Returns a buffer of at least that many bytes for the bytes read; it may be reused after the
   * call. Defaults to a new one.
   */
  readonly buffer?: (length: number) => Uint8Array;
  /**
   * Returns memory for the pixels, at least that many bytes at a multiple of 8, with any content.
   * Defaults to new memory.
   */
  readonly memory?: (length: number) => Uint8Array<ArrayBuffer>;
  /** Called between tiles or runs of rows; an exception ends the work. */
  readonly checkpoint?: () => void;
}

/**
 * Reads and decodes a section: the stored pixels of its box, the first axis fastest.
 * Errors: FITS_TILE_CORRUPT, FITS_UNSUPPORTED, those of the source; the signal's reason when
 * aborted.
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

/**
 * The decoding half of {@link readSection}: `bytes` holds the ranges of the plan back to back; the
 * pixels go into `memory`, or into new memory.
 */
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
      `${bytes.length} bytes were read instead of the section's ${plan.bytes}`,
    );
  if (plan.content.kind === "tiles") {
    const { hdu, box, content } = plan;
    decodeTiles({ hdu, box, content }, bytes, out, { inflate, checkpoint });
    return out;
  }
  const { rowLength, positions } = plan.content;
  const width = pixelBytes(plan.bitpix);
  const kernel = sharedKernel();
  // Contiguous rows are unpacked together.
  for (let row = 0; row < positions.length; ) {
    checkpoint?.();
    let end = row + 1;
    while (end < positions.length && positions[end] === positions[end - 1]! + rowLength * width) end++;
    const pixels = (end - row) * rowLength;
    const from = positions[row]!;
    unpackPixels(
      bytes.subarray(from, from + pixels * width),
      out.subarray(row * rowLength, row * rowLength + pixels) as StoredArray,
      { count: pixels, width, byteStep: 1, pixelStep: width },
      kernel,
    );
    row = end;
  }
  return out;
}

/**
 * Reads a section of quantized floats and passes its rows to a sink, as integers with their scale:
 * several times faster than converting to floats, if the sink does not need them. False, before
 * reading anything, if the tiles are not rows of quantized floats, and as soon as the sink returns
 * false. Errors: those of readSection and of the sink.
 * @param buffer returns a buffer of at least that many bytes for the bytes read
 */
export async function readQuantizedRows(
  source: ByteSource,
  plan: SectionPlan,
  buffer: (length: number) => Uint8Array,
  sink: RowSink,
): Promise<boolean> {
  const { hdu, box, content } = plan;
  if (content.kind !== "tiles" || !areQuantizedRows(content)) return false;
  const into = buffer(plan.bytes);
  await source.read(plan.ranges, { into });
  return decodeRows(hdu, box, content, into, sink);
}
