/**
 * Removes trailing slashes. In one pass from the end: a pattern would also try each earlier run of
 * slashes.
 */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === "/") end--;
  return text.slice(0, end);
}
