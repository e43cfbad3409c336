import { LabelError } from "../errors.ts";

const latin1 = new TextDecoder("latin1");

/** Encoding of an XML document by its byte order mark, its first bytes or its declaration (XML 1.0, appendix F). */
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
 * Turns the bytes of an XML document into text, without its byte order mark.
 * Errors: LABEL_INVALID for an encoding that is unknown and for bytes that are not valid in it.
 */
export function decodeXml(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    throw new LabelError("LABEL_INVALID", `the encoding ${encoding} is not known`, { cause });
  }
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new LabelError("LABEL_INVALID", `the bytes are not valid ${decoder.encoding}`, { cause });
  }
}
