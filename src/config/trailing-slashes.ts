/** A text without the slashes at its end. In one pass from there: a pattern would try each run of slashes before it too. */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === "/") end--;
  return text.slice(0, end);
}
