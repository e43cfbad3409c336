import { CARD_LENGTH, latin1 } from "../header/card.ts";
import type { ByteSource } from "../source/byte-source.ts";

/** Bytes read at a time. */
const PIECE = 262_144;
/** Bytes that identify an extension: its first card and the keyword of the second. */
const SHOWN = CARD_LENGTH + 9;

/**
 * Searches bytes that belong to no HDU for the start of the next extension, between `from` and
 * `limit` bytes after it; undefined when there is none. The start need not be on a block boundary:
 * some files have unpadded data.
 * Only XTENSION directly followed by BITPIX (FITS 4.0, 4.4.1.2) counts, so that text in data is not
 * mistaken for a header.
 */
export async function findExtension(
  source: ByteSource,
  from: number,
  limit: number,
  options: { readonly signal?: AbortSignal },
): Promise<number | undefined> {
  const size = await source.size(options);
  const end = Math.min(size, from + limit);
  for (let at = from; at + SHOWN <= end; at += PIECE) {
    const length = Math.min(PIECE + SHOWN, size - at);
    const [bytes] = await source.read([{ offset: at, length }], options);
    const found = extensionIn(bytes!);
    if (found >= 0) return at + found;
  }
  return undefined;
}

function extensionIn(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(88); at >= 0 && at + SHOWN <= bytes.length; at = bytes.indexOf(88, at + 1))
    if (isExtension(bytes, at)) return at;
  return -1;
}

function isExtension(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 1] !== 84 || bytes[at + 8] !== 61) return false;
  return (
    /^XTENSION= *'[A-Z0-9_ -]+'/.test(latin1(bytes.subarray(at, at + CARD_LENGTH))) &&
    latin1(bytes.subarray(at + CARD_LENGTH, at + SHOWN)) === "BITPIX  ="
  );
}
