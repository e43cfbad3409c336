import { type Header, parseHeader } from "@sbnsis/fits";

const CARD = 80;

/** Parses a header from a text with one card per line. Errors: FitsError. */
export function headerOfText(text: string): Header {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const bytes = new Uint8Array(CARD * (lines.length + 1)).fill(32);
  for (const [i, line] of lines.entries()) {
    for (let k = 0; k < Math.min(CARD, line.length); k++) bytes[i * CARD + k] = line.charCodeAt(k);
  }
  if (lines.at(-1)?.trim() !== "END") bytes.set([69, 78, 68], CARD * lines.length);
  return parseHeader(bytes);
}
