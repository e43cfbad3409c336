import { LabelError } from "../errors.ts";

const latin1 = new TextDecoder("latin1");

/**
 * Encoding of an XML document from its byte order mark, first bytes or declaration (XML 1.0,
 * appendix F).
 */
function encodingOf(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0x3c && b === 0) return "utf-16le";
  if (a === 0 && b === 0x3c) return "utf-16be";
  if (a === 0xef && b === 0xbb) return "utf-8";
  const start = latin1.decode(bytes.subarray(0, 256));
  return /^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(start)?.[1] ?? "utf-8";
}

/**
 * Decodes the bytes of an XML document, without the byte order mark.
 * Errors: LABEL_INVALID for an unknown encoding and for bytes that are invalid in it.
 */
export function decodeXml(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    throw new LabelError("LABEL_INVALID", `unknown encoding ${encoding}`, { cause });
  }
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new LabelError("LABEL_INVALID", `the bytes are not valid ${decoder.encoding}`, { cause });
  }
}

const isAllowedControl = (byte: number): boolean => byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Whether all bytes are ASCII with no control characters other than tab, line feed and carriage
 * return, as in nearly all labels.
 * Tests four bytes at a time, so it returns false for any array whose offset is not a multiple of
 * four.
 */
export function isPlainAscii(bytes: Uint8Array): boolean {
  if (bytes.byteOffset % 4 !== 0) return false;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    // high bits: set for bytes beyond ASCII and for those below a blank (Hacker's Delight, 6-1)
    if ((word & 0x80808080) !== 0) return false;
    if (((word - 0x20202020) & ~word & 0x80808080) === 0) continue;
    for (let at = 4 * i; at < 4 * i + 4; at += 1) {
      const byte = bytes[at]!;
      if (byte < 0x20 && !isAllowedControl(byte)) return false;
    }
  }
  for (let at = 4 * words.length; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte > 0x7f || (byte < 0x20 && !isAllowedControl(byte))) return false;
  }
  return true;
}
