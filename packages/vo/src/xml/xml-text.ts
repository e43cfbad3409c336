const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const SPECIAL = /[&<>"]/;
const SPECIALS = /[&<>"]/g;
/** Characters that XML 1.0 does not allow (2.2). */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const ALL_FORBIDDEN = new RegExp(FORBIDDEN, "gu");

const PLAIN = /^[ !#-%'-;=?-~]*$/;

/** Whether a text is ASCII that needs no change in XML. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** Text of an element or attribute; characters that XML 1.0 does not allow (2.2) become U+FFFD. */
export function xmlText(text: string): string {
  if (isPlain(text)) return text;
  const allowed = FORBIDDEN.test(text) ? text.replace(ALL_FORBIDDEN, "\ufffd") : text;
  return SPECIAL.test(allowed) ? allowed.replace(SPECIALS, (sign) => ENTITIES[sign]!) : allowed;
}

/** Attributes in the order given; undefined ones are left out. */
export function xmlAttributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join("");
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
