/**
 * A font of 3 x 5 pixels for ASCII 32..126, drawn for this project: five octal digits a character, one for each row from the top,
 * 4 for the left pixel, 2 for the middle, 1 for the right.
 */
const GLYPHS =
  "00000 22202 55000 57575 36236 51245 25253 22000 12221 42224 05250 02720 00024 00700 00002 11244 " +
  "75557 26227 71747 71717 55711 74717 74757 71122 75757 75717 02020 02024 12421 07070 42124 71202 " +
  "75743 25755 65656 34443 65556 74647 74644 34553 55755 72227 11152 55655 44447 57755 57775 25552 " +
  "65644 25573 65655 34216 72222 55557 55522 55775 55255 55222 71247 64446 44211 31113 25000 00007 " +
  "42000 03553 44656 03443 11353 02743 12722 03536 44655 20222 10152 44565 62227 07755 06555 02552 " +
  "06564 03531 05644 03636 27221 05553 05522 05577 05225 05316 07367 32623 22222 62326 03600";

const ROWS = GLYPHS.split(" ");

/** Size of a character in its own pixels, and how far the next one is. */
export const GLYPH = { width: 3, height: 5, advance: 4 } as const;

/** Whether pixel (x, y) of a character is set, y from the top. Characters that the font has not are drawn as a question mark. */
export function glyphPixel(character: string, x: number, y: number): boolean {
  const rows = ROWS[character.charCodeAt(0) - 32] ?? ROWS["?".charCodeAt(0) - 32]!;
  return ((Number(rows[y]) >> (2 - x)) & 1) === 1;
}
