/**
 * Characters that control a terminal: control characters, invisible and bidirectional formatting
 * marks, and lone surrogates (Unicode general categories Cc, Cf, Zl, Zp and Cs).
 */
const TERMINAL_CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * `text` with everything that controls a terminal, except line ends and tabs, written as an escape
 * such as `\u001b`: a name in a file could otherwise overwrite what is shown, or make the terminal
 * send input.
 */
export function terminalText(text: string): string {
  return text.replace(TERMINAL_CONTROLS, (mark) => (mark === "\n" || mark === "\t" ? mark : escaped(mark)));
}

/** Like `terminalText`, for text that must stay on one line. */
export function terminalLine(text: string): string {
  return text.replace(TERMINAL_CONTROLS, escaped);
}

function escaped(mark: string): string {
  const code = (mark.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
