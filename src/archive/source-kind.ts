import { SisError } from "../errors/sis-error.ts";

/** The expected content of a file: a FITS image, compressed or not, or a PDS4 label. */
export type SourceKind = "image" | "label";

/** Number of leading bytes of a file that suffice to recognize its kind. */
export const KIND_BYTES = 4096;

/** First bytes of files compressed as a whole: gzip (RFC 1952), Unix compress, bzip2. */
const PACKED = [
  [0x1f, 0x8b],
  [0x1f, 0x9d],
  [0x42, 0x5a, 0x68],
] as const;

/**
 * Refuses a file from `host` whose first bytes are not of the kind that the catalog promises:
 * archives send pages ("maintenance", "log in") with status 200. An image must start with the
 * SIMPLE card (FITS 4.0, 4.4.1.1) or be compressed, a label must be XML that is neither a web page
 * nor an error document of a store. An empty file passes: its reader reports that.
 * Errors: SOURCE_UPSTREAM.
 *
 * @param head the first bytes of the file: KIND_BYTES, or all there are
 */
export function checkKind(kind: SourceKind, head: Uint8Array, host: string): void {
  if (head.length === 0) return;
  if (kind === "image" ? isImage(head) : isLabel(head)) return;
  const wanted = kind === "image" ? "a FITS file" : "a PDS4 label";
  throw new SisError("SOURCE_UPSTREAM", `${host} sent ${described(head)} instead of ${wanted}`);
}

function isImage(head: Uint8Array): boolean {
  const begin = Buffer.from(head.subarray(0, 9)).toString("latin1");
  if ("SIMPLE  =".startsWith(begin)) return true;
  return PACKED.some((magic) => magic.every((byte, i) => i >= head.length || head[i] === byte));
}

/**
 * Whether the bytes start XML whose root may be a label's. A root after the known bytes is assumed
 * to be one.
 */
function isLabel(head: Uint8Array): boolean {
  const text = textOf(head);
  const prolog = /^(?:\s|<\?(?:[^?]|\?(?!>))*\?>|<!--(?:[^-]|-(?!->))*-->)*/.exec(text)?.[0].length ?? 0;
  const rest = text.slice(prolog, prolog + 80);
  if (rest === "" || /^<(?:\?|!-)/.test(rest)) return head.length >= KIND_BYTES;
  return /^<(?!(?:!doctype\s+)?(?:[\w.-]+:)?(?:html|error)\b)[!\w]/i.test(rest);
}

function textOf(head: Uint8Array): string {
  const encoding =
    head[0] === 0xff && head[1] === 0xfe
      ? "utf-16le"
      : head[0] === 0xfe && head[1] === 0xff
        ? "utf-16be"
        : "utf-8";
  // the decoder drops a byte order mark
  return new TextDecoder(encoding).decode(head.subarray(0, KIND_BYTES));
}

function described(head: Uint8Array): string {
  const text = textOf(head).trimStart().slice(0, 300);
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html|<head|<body|<script)/i.test(text)) return "an HTML page";
  if (/^</.test(text)) return "another XML document";
  return /^[\x20-\x7e\s]{8}/.test(text) ? "text" : "other bytes";
}
