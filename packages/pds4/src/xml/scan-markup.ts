/** Whether the UTF-16 unit is XML white space, line ends being line feeds. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09;
}

/**
 * Whether the text from `at` up to `end` is all white space; the text has no control characters.
 */
export function isWhite(text: string, at: number, end: number): boolean {
  // one test usually suffices: data ends in a non-blank character, indentation in a blank
  if (!isSpace(text.charCodeAt(end - 1))) return false;
  for (let i = at; i < end; i += 1) if (text.charCodeAt(i) > 0x20) return false;
  return true;
}

const NAME_START = 1;
const NAME = 2;
const NAMES = new Uint8Array(128);
for (const [from, to, what] of [
  ["A", "Z", NAME_START],
  ["a", "z", NAME_START],
  ["_", "_", NAME_START],
  ["0", "9", NAME],
  ["-", ".", NAME],
  [":", ":", NAME],
] as const) {
  NAMES.fill(what, from.charCodeAt(0), to.charCodeAt(0) + 1);
}

/** End of the ASCII name at `at`; -1 if there is none. */
export function nameEnd(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (!(first < 128) || NAMES[first] !== NAME_START) return -1;
  let end = at + 1;
  for (;;) {
    const code = text.charCodeAt(end);
    if (!(code < 128)) return -1;
    if (NAMES[code] === 0) return end;
    end += 1;
  }
}

/** End of the white space at `at`. */
function whiteEnd(text: string, at: number): number {
  let end = at;
  while (isSpace(text.charCodeAt(end))) end += 1;
  return end;
}

/**
 * End of the comment at `at`, which begins with `<!`; -1 for a malformed comment or other markup.
 */
export function commentEnd(text: string, at: number): number {
  if (!text.startsWith("<!--", at)) return -1;
  const close = text.indexOf("--", at + 4);
  if (close < 0 || text.charCodeAt(close + 2) !== 0x3e) return -1;
  return close + 3;
}

/**
 * End of the processing instruction at `at`, which begins with `<?`; -1 for an XML declaration or a
 * malformed instruction.
 */
export function instructionEnd(text: string, at: number): number {
  const named = nameEnd(text, at + 2);
  if (named < 0) return -1;
  const target = text.slice(at + 2, named);
  if (target.includes(":") || target.toLowerCase() === "xml") return -1;
  const close = text.indexOf("?>", named);
  return close === named || (close > 0 && isSpace(text.charCodeAt(named))) ? close + 2 : -1;
}

const DECLARATION =
  /^<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?: standalone=(?:"yes"|"no"|'yes'|'no'))? ?\?>/;

/** Where the document continues after its XML declaration, if it has one. */
export function declarationEnd(text: string): number {
  return text.startsWith("<?xml ") ? (DECLARATION.exec(text)?.[0].length ?? -1) : 0;
}

/** End of the white space, comments and processing instructions at `at`; -1 if one is malformed. */
export function miscEnd(text: string, at: number): number {
  let end = at;
  while (end >= 0) {
    end = whiteEnd(text, end);
    if (text.charCodeAt(end) !== 0x3c) return end;
    const next = text.charCodeAt(end + 1);
    if (next === 0x3f) end = instructionEnd(text, end);
    else if (next === 0x21) end = commentEnd(text, end);
    else return end;
  }
  return -1;
}

/**
 * Reads the attributes of a start tag into `attributes` and returns the position of the tag's `>`
 * or `/`; -1 in doubt, as for references, a repeated name, or more than `most` attributes.
 */
export function readAttributes(
  text: string,
  at: number,
  attributes: Record<string, string>,
  most: number,
): number {
  let count = 0;
  let end = at;
  for (;;) {
    const begin = whiteEnd(text, end);
    const code = text.charCodeAt(begin);
    if (code === 0x3e || code === 0x2f) return begin;
    count += 1;
    if (begin === end || count > most) return -1;
    const named = nameEnd(text, begin);
    if (named < 0 || text.charCodeAt(named) !== 0x3d) return -1;
    const name = text.slice(begin, named);
    const quote = text.charCodeAt(named + 1);
    if ((quote !== 0x22 && quote !== 0x27) || name in attributes) return -1;
    const close = text.indexOf(quote === 0x22 ? '"' : "'", named + 2);
    const value = text.slice(named + 2, close);
    if (close < 0 || /[<&]/.test(value)) return -1;
    attributes[name] = value.replace(/[\t\n]/g, " ");
    end = close + 1;
  }
}
