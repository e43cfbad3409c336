import { placeOf, type TextPlace, unreadable } from "../list-error.ts";

/** Encoding of a text from its byte order mark, or from where its zero bytes are. */
function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && b !== undefined)) return "utf-16be";
  return "utf-8";
}

/** Place of the first byte that is not UTF-8; lines of UTF-8 can be decoded one by one. */
function firstInvalid(bytes: Uint8Array): TextPlace {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let [line, start] = [1, 0]; start < bytes.length; line++) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return { line, column: validLength(bytes.subarray(start, end)) + 1 };
    }
    start = end;
  }
  return { line: 1, column: 1 };
}

/** Number of bytes before the first sequence that is not UTF-8. */
function validLength(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length];
  const lossy = new TextDecoder("utf-8");
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    // a truncated character is not an error in a stream
    if (lossy.decode(bytes.subarray(0, middle), { stream: true }).includes("\ufffd")) invalid = middle;
    else valid = middle;
    lossy.decode();
  }
  return valid;
}

/**
 * Decodes a list, without its byte order mark. Errors: LIST_UNREADABLE for an empty list, for bytes
 * that are not text, and for control characters.
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const place = encoding === "utf-8" ? firstInvalid(bytes) : { line: 1, column: 1 };
    throw unreadable(`the bytes are not ${encoding.toUpperCase()} text`, place);
  }
  const control = firstControl(text);
  if (control >= 0) throw unreadable("a control character, so this is not text", placeOf(text, control));
  if (text.trim() === "") throw unreadable("the list is empty", { line: 1, column: 1 });
  return text;
}

/** Offset of the first character that no text has: NUL and the like; -1 if there is none. */
function firstControl(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return at;
  }
  return -1;
}

/** The lines of a text, whatever ends them: CR, LF or CR LF, also mixed. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/);
}
