import { FitsError } from "../errors.ts";
import { CARD_LENGTH, type Card, type CardValue, latin1Bytes } from "./card.ts";

/** Characters of a string that fit in one card, with quotes already doubled. */
const ONE_CARD = 68;
/** As ONE_CARD, for a piece that is continued: one less, for its `&`. */
const PIECE = 67;

/**
 * A card with a value in fixed format (FITS 4.0, 4.2). A string too long for one card continues in
 * CONTINUE cards (4.2.1.2); a comment that does not fit is cut.
 * Numbers are written so that they read back exactly, integers without a decimal point (use {@link
 * realCard} for one). Characters outside printable ASCII become `?`.
 * Errors: FITS_WRITE for a keyword that FITS does not allow and for a number that is not finite.
 */
export function valueCard(keyword: string, value: CardValue, comment?: string): Card {
  if (!/^[A-Z0-9_-]{1,8}$/.test(keyword))
    throw new FitsError("FITS_WRITE", `'${keyword}' is not a FITS keyword`);
  if (typeof value === "string") return stringCard(keyword, value, comment);
  return fixedCard(keyword, value, formatScalar(keyword, value), comment);
}

/** A card with a real number: as {@link valueCard}, always with a decimal point. */
export function realCard(keyword: string, value: number, comment?: string): Card {
  const text = formatScalar(keyword, value);
  return fixedCard(keyword, value, /[.E]/.test(text) ? text : `${text}.0`, comment);
}

/** COMMENT or HISTORY cards, 72 characters each. */
export function commentCards(keyword: "COMMENT" | "HISTORY", text: string): Card[] {
  const clean = printable(text);
  const pieces = clean === "" ? [""] : (clean.match(/.{1,72}/g) ?? []);
  return pieces.map((comment) => ({
    keyword,
    kind: "text",
    comment,
    bytes: cardBytes(keyword.padEnd(8) + comment),
  }));
}

/** The END card. */
export function endCard(): Card {
  return { keyword: "END", kind: "end", bytes: cardBytes("END") };
}

function fixedCard(keyword: string, value: CardValue, text: string, comment: string | undefined): Card {
  const head = `${keyword.padEnd(8)}= ${text.padStart(20)}`;
  return { keyword, kind: "value", value, ...noted(comment), bytes: cardBytes(withComment(head, comment)) };
}

function stringCard(keyword: string, value: string, comment: string | undefined): Card {
  const clean = printable(value);
  const pieces = stringPieces(clean);
  const lines = pieces.map((piece, i) => {
    const last = i === pieces.length - 1;
    const quoted = last ? `'${i === 0 ? piece.padEnd(8) : piece}'` : `'${piece}&'`;
    const head = i === 0 ? `${keyword.padEnd(8)}= ${quoted.padEnd(20)}` : `CONTINUE  ${quoted}`;
    return cardBytes(last ? withComment(head, comment) : head);
  });
  const bytes = new Uint8Array(lines.length * CARD_LENGTH);
  for (const [i, line] of lines.entries()) bytes.set(line, i * CARD_LENGTH);
  return { keyword, kind: "value", value: clean.trimEnd(), ...noted(comment), bytes };
}

/**
 * A string with its quotes doubled, cut into pieces that fit in a card without splitting a pair of
 * quotes.
 */
function stringPieces(text: string): readonly string[] {
  const doubled = Array.from(text, (character) => (character === "'" ? "''" : character));
  if (doubled.join("").length <= ONE_CARD) return [doubled.join("")];
  const pieces: string[] = [];
  let piece = "";
  for (const character of doubled) {
    if (piece.length + character.length > PIECE) {
      pieces.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...pieces, piece];
}

function formatScalar(keyword: string, value: Exclude<CardValue, string>): string {
  if (typeof value === "boolean") return value ? "T" : "F";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw new FitsError("FITS_WRITE", `${keyword} would be ${value}, which FITS cannot represent`);
    if (Object.is(value, -0)) return "-0.0";
    return value.toString().replace("e+", "E").replace("e", "E");
  }
  return `(${formatScalar(keyword, value.real)}, ${formatScalar(keyword, value.imaginary)})`;
}

function withComment(head: string, comment: string | undefined): string {
  return comment === undefined || comment === ""
    ? head
    : `${head} / ${printable(comment)}`.slice(0, CARD_LENGTH).trimEnd();
}

function noted(comment: string | undefined): { readonly comment?: string } {
  return comment === undefined ? {} : { comment };
}

function printable(text: string): string {
  return text.replace(/[^ -~]/g, "?");
}

function cardBytes(text: string): Uint8Array {
  if (text.length > CARD_LENGTH)
    throw new FitsError("FITS_WRITE", `a card of ${text.length} characters: ${text}`);
  return latin1Bytes(text.padEnd(CARD_LENGTH));
}
