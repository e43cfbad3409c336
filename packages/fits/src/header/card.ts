/** Bytes in a card image (FITS 4.0, 4.1). */
export const CARD_LENGTH = 80;

/** A complex value of a card (FITS 4.0, 4.2.5 and 4.2.6). */
export interface Complex {
  readonly real: number;
  readonly imaginary: number;
}

/** A value of a card. Integers that a double cannot represent exactly are bigints. */
export type CardValue = string | number | bigint | boolean | Complex;

/** One card of a header, including its continuations. */
export interface Card {
  /**
   * In upper case, without trailing blanks; for a HIERARCH card everything before `=`, as in
   * `HIERARCH ESO DET ID`. Empty for a text card without a keyword.
   */
  readonly keyword: string;
  /**
   * `value`: has a value indicator; `text`: COMMENT, HISTORY, blank and everything else; `end`: the
   * END card.
   */
  readonly kind: "value" | "text" | "end";
  /**
   * Undefined when the card has no value or it cannot be parsed. Strings have no trailing blanks
   * (FITS 4.0, 4.2.1.1).
   */
  readonly value?: CardValue;
  /**
   * The value field as written, when not all of it is a valid value (`NaN`, `150,0`, `10 00 00.0`,
   * `1E999`); `value` is then its first word if that is a number, because old writers appended
   * units. Values that matter are read with `cardNumber`, which refuses them.
   */
  readonly malformed?: string;
  /** Text after the slash of a value card; the text of a text card. */
  readonly comment?: string;
  /** The original card: 80 bytes, and 80 more for every CONTINUE. */
  readonly bytes: Uint8Array;
}

/**
 * The cards of `bytes` up to and including END, or all of them without one. A last piece shorter
 * than 80 bytes counts as a card padded with blanks.
 * Also reads nonstandard cards of real files: lower case, a missing blank before or after `=`,
 * strings without closing quote, D exponents, values anywhere in the card, bytes that are not
 * ASCII.
 */
export function parseCards(bytes: Uint8Array): Card[] {
  const cards: Card[] = [];
  const text = latin1(bytes);
  for (let at = 0; at < bytes.length; ) {
    const end = at + CARD_LENGTH;
    const card = parseCard(text.slice(at, end).padEnd(CARD_LENGTH), cardAt(bytes, at));
    if (card.kind === "value" && typeof card.value === "string" && card.value.endsWith("&")) {
      const joined = continued(bytes, end, card);
      if (joined !== undefined) {
        cards.push({ ...joined.card, bytes: bytes.subarray(at, joined.end) });
        at = joined.end;
        continue;
      }
    }
    cards.push(card);
    if (card.kind === "end") break;
    at = end;
  }
  return cards;
}

function cardAt(bytes: Uint8Array, at: number): Uint8Array {
  const piece = bytes.subarray(at, at + CARD_LENGTH);
  if (piece.length === CARD_LENGTH) return piece;
  const filled = new Uint8Array(CARD_LENGTH).fill(32);
  filled.set(piece);
  return filled;
}

/**
 * Joins the CONTINUE cards from byte `at` on to a string that ends with `&` (FITS 4.0, 4.2.1.2).
 */
function continued(
  bytes: Uint8Array,
  at: number,
  first: Card,
): { readonly card: Card; readonly end: number } | undefined {
  // Joined once at the end: checking the end of the joined text would copy it for every card.
  const pieces = [first.value as string];
  const comments = first.comment === undefined ? [] : [first.comment];
  let end = at;
  while (pieces.at(-1)!.endsWith("&") && end + CARD_LENGTH <= bytes.length) {
    const text = latin1(bytes.subarray(end, end + CARD_LENGTH));
    if (!/^CONTINUE {2}/i.test(text)) break;
    const more = parseValue(text.slice(10));
    if (typeof more.value !== "string") break;
    pieces.push(pieces.pop()!.slice(0, -1), more.value);
    if (more.comment !== undefined && more.comment !== "") comments.push(more.comment);
    end += CARD_LENGTH;
  }
  if (end === at) return undefined;
  return { card: withComment({ ...first, value: pieces.join("") }, comments.join("") || undefined), end };
}

/** A keyword that begins its card, and ends before its value indicator. */
const PLAIN_KEYWORD = /^(?!HIERARCH$|COMMENT$|HISTORY$|CONTINUE$|END$)[A-Z0-9_-]+$/;

const COMMENTARY = new Set(["COMMENT", "HISTORY", "CONTINUE", ""]);

function parseCard(text: string, bytes: Uint8Array): Card {
  const field = text.slice(0, 8).trimEnd().toUpperCase();
  // the form of nearly all cards (FITS 4.0, 4.1.2)
  if (text[8] === "=" && PLAIN_KEYWORD.test(field)) return cardOfValue(field, text.slice(9), bytes);
  if (field === "HIERARCH") {
    const equals = text.indexOf("=");
    if (equals > 9) {
      const keyword = `HIERARCH ${text.slice(9, equals).trim().replace(/\s+/g, " ").toUpperCase()}`;
      return cardOfValue(keyword, text.slice(equals + 1), bytes);
    }
  }
  if (field === "END" && !text.slice(8).trimStart().startsWith("="))
    return { keyword: "END", kind: "end", bytes };
  if (!COMMENTARY.has(field)) {
    const equals = /^\s*([\w-]{1,8})\s*=/.exec(text);
    if (equals !== null && equals[0].length <= 9) {
      return cardOfValue(equals[1]!.toUpperCase(), text.slice(equals[0].length), bytes);
    }
    // Keywords with characters that FITS does not allow, as `DATE.OBS`.
    if (text[8] === "=") return cardOfValue(field, text.slice(9), bytes);
  }
  return { keyword: field, kind: "text", comment: text.slice(8).trimEnd(), bytes };
}

function cardOfValue(keyword: string, text: string, bytes: Uint8Array): Card {
  const { value, malformed, comment } = parseValue(text);
  const card: { -readonly [K in keyof Card]: Card[K] } = { keyword, kind: "value", bytes };
  if (value !== undefined) card.value = value;
  if (malformed !== undefined) card.malformed = malformed;
  if (comment !== undefined) card.comment = comment;
  return card;
}

function withComment(card: Card, comment: string | undefined): Card {
  return comment === undefined ? card : { ...card, comment };
}

interface ParsedValue {
  readonly value?: CardValue | undefined;
  readonly malformed?: string | undefined;
  readonly comment?: string | undefined;
}

/** Splits the text after the value indicator into value and comment. */
function parseValue(text: string): ParsedValue {
  const start = text.search(/\S/);
  if (start < 0) return {};
  if (text[start] === "'") return parseString(text, start + 1);
  const slash = text.indexOf("/", start);
  const field = (slash < 0 ? text : text.slice(0, slash)).trim();
  return { ...parseScalar(field), comment: slash < 0 ? undefined : text.slice(slash + 1).trim() };
}

function parseString(text: string, start: number): ParsedValue {
  let value = "";
  for (let from = start; ; ) {
    const quote = text.indexOf("'", from);
    if (quote < 0) return unterminated(text.slice(start));
    value += text.slice(from, quote);
    if (text[quote + 1] !== "'") {
      const slash = text.indexOf("/", quote + 1);
      return { value: value.trimEnd(), comment: slash < 0 ? undefined : text.slice(slash + 1).trim() };
    }
    value += "'";
    from = quote + 2;
  }
}

/** A string without closing quote ends where a comment begins, or with the card. */
function unterminated(text: string): ParsedValue {
  const slash = text.lastIndexOf(" / ");
  const value = (slash < 0 ? text : text.slice(0, slash)).replaceAll("''", "'").trimEnd();
  return { value, comment: slash < 0 ? undefined : text.slice(slash + 3).trim() };
}

function parseScalar(field: string): ParsedValue {
  if (field === "") return {};
  if (/^[TF]$/i.test(field)) return { value: field.toUpperCase() === "T" };
  const number = parseNumber(field);
  if (number !== undefined) return { value: number };
  // Old writers put a blank between sign and digits, or text other than a comment after the number.
  const joined = field.replace(/^([+-])\s+/, "$1");
  const first = joined.split(/\s/, 1)[0]!;
  const value = parseNumber(first);
  if (value !== undefined) return first === joined ? { value } : { value, malformed: field };
  const complex = /^\(\s*([^,\s]+)\s*,\s*([^,\s]+)\s*\)$/.exec(field);
  const real = decimalValue(complex?.[1] ?? "");
  const imaginary = decimalValue(complex?.[2] ?? "");
  if (real !== undefined && imaginary !== undefined) return { value: { real, imaginary } };
  return { malformed: field };
}

function parseNumber(text: string): number | bigint | undefined {
  if (!isDecimal(text)) return undefined;
  const number = decimalValue(text);
  if (!Number.isSafeInteger(number) && /^[+-]?\d+$/.test(text)) return BigInt(text);
  return number;
}

/** Characters made by one call, which all engines allow as arguments. */
const AT_ONCE = 4096;

/** Converts bytes to a string of the same length, one character each. */
export function latin1(bytes: Uint8Array): string {
  if (bytes.length <= AT_ONCE) return characters(bytes);
  let text = "";
  for (let at = 0; at < bytes.length; at += AT_ONCE) text += characters(bytes.subarray(at, at + AT_ONCE));
  return text;
}

function characters(bytes: Uint8Array): string {
  return String.fromCharCode.apply(undefined, bytes as unknown as number[]);
}

/** Converts ASCII text to bytes; characters outside ISO 8859-1 become `?`. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i] = code < 256 ? code : 63;
  }
  return bytes;
}

/** Length limit of text read as a number: far more digits than a double or a 64-bit integer has. */
const LONGEST = 100;

// No two parts can match the same digits, so a failed match takes time proportional to the text.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[EeDd][+-]?\d+)?$/;

/**
 * Whether a text without blanks is a decimal number in FITS notation (FITS 4.0, 4.2.3 and 4.2.4).
 */
function isDecimal(text: string): boolean {
  return text.length <= LONGEST && DECIMAL.test(text);
}

/**
 * The value of a decimal number with an E or D exponent; undefined for any other text and beyond
 * the range of a double.
 */
export function decimalValue(text: string): number | undefined {
  if (!isDecimal(text)) return undefined;
  const value = Number(text.replace(/[Dd]/, "e"));
  return Number.isFinite(value) ? value : undefined;
}
