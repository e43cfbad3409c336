/**
 * A font of 5 x 7 pixels for ASCII 32..126, in the shapes of dot-matrix displays: for each
 * character, seven base-32 digits, one per row from the top, with 16 for the left pixel down to 1
 * for the right.
 */
const GLYPHS =
  "0000000 4444004 aaa0000 aavavaa 4fke5u4 op248j3 cik8lid 4440000 " +
  "2488842 8422248 04lel40 044v440 0000c48 000v000 00000cc 01248g0 " +
  "ehjlphe 4c4444e eh1248v v2421he 26aiv22 vgu11he 68guhhe v124888 " +
  "ehhehhe ehhf12c 0cc0cc0 0cc0c48 248g842 00v0v00 8421248 eh12404 " +
  "eh1dlle ehhvhhh uhhuhhu ehggghe sihhhis vgguggv vgguggg ehgnhhf " +
  "hhhvhhh e44444e 72222ic hikokih ggggggv rvllhhh hppljjh ehhhhhe " +
  "uhhuggg ehhhlid uhhukih fgge11u v444444 hhhhhhe hhhhha4 hhhllla " +
  "hha4ahh hhha444 v1248gv e88888e 0g84210 e22222e 4ah0000 000000v " +
  "8420000 00e1fhf ggmphhu 00egghe 11djhhf 00ehvge 698s888 0fhhf1e " +
  "ggmphhh 40c444e 20622ic ggikoki c444452 00qllhh 00mphhh 00ehhhe " +
  "00uhugg 00djf11 00mpggg 00ege1u 88s8896 00hhhjd 00hhha4 00hhlla " +
  "00ha4ah 00hhf1e 00v248v 2448442 4444444 8442448 008l200";

const ROWS = GLYPHS.split(" ");

/** Size of a character in font pixels, and the distance to the next one. */
export const GLYPH = { width: 5, height: 7, advance: 6 } as const;

/**
 * Whether pixel (x, y) of a character is set, y from the top. Characters missing in the font are
 * drawn as a question mark.
 */
export function glyphPixel(character: string, x: number, y: number): boolean {
  const rows = ROWS[character.charCodeAt(0) - 32] ?? ROWS["?".charCodeAt(0) - 32]!;
  return ((Number.parseInt(rows[y] ?? "0", 32) >> (GLYPH.width - 1 - x)) & 1) === 1;
}
