/** Where a list that was pasted or dropped waits for the page that reads lists (sessionStorage). */
export const PASTED_LIST = "pasted-list";

/** Headers of a list in JSON. */
export const JSON_LIST = { "Content-Type": "application/json" };

/** The type of a list by its beginning, so that JSON and XML are told apart from tables. */
export function headersOf(text: string): Readonly<Record<string, string>> {
  if (/^\s*[{[]/.test(text)) return JSON_LIST;
  return { "Content-Type": /^\s*</.test(text) ? "application/xml" : "text/plain" };
}
