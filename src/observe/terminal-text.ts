/**
 * What steers a terminal: control characters, marks that turn the direction of what follows or are not seen, and lone surrogates (Unicode, general categories
 * Cc, Cf, Zl, Zp and Cs).
 */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * `text` with everything that steers a terminal written as an escape such as `\u001b`, but for ends of lines and tabs: a name in a file could otherwise rewrite
 * what is shown, or make the terminal answer.
 */
export function terminalText(text: string): string {
  return text.replace(STEERING, (mark) => (mark === "\n" || mark === "\t" ? mark : escaped(mark)));
}

/** As `terminalText`, for text that is to stay on one line. */
export function terminalLine(text: string): string {
  return text.replace(STEERING, escaped);
}

function escaped(mark: string): string {
  const code = (mark.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
