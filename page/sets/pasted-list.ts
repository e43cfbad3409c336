/** The sessionStorage key under which a pasted or dropped list is passed to Cut. */
export const PASTED_LIST = "pasted-list";

/** Headers of a JSON list. */
export const JSON_LIST = { "Content-Type": "application/json" };

/** Headers for a list: its beginning distinguishes JSON and XML from tables. */
export function headersOf(text: string): Readonly<Record<string, string>> {
  if (/^\s*[{[]/.test(text)) return JSON_LIST;
  return { "Content-Type": /^\s*</.test(text) ? "application/xml" : "text/plain" };
}
