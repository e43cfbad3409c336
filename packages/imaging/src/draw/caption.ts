import { type Canvas, text, textSize } from "./canvas.ts";

/**
 * Writes lines of ASCII into the upper left corner of a picture, white on a black border; lines
 * that are too long for it are cut.
 */
export function drawCaption(canvas: Canvas, lines: readonly string[]): void {
  const scale = Math.min(canvas.width, canvas.height) < 400 ? 1 : 2;
  const [letter, height] = textSize("M", scale);
  const room = Math.floor((canvas.width - 4) / (letter + scale));
  for (const [border, level] of [
    [1, 0],
    [0, 255],
  ] as const) {
    for (const [k, line] of lines.entries()) {
      const words = line.slice(0, Math.max(0, room));
      text(canvas, [3, 3 + k * (height + 3 * scale)], words, { scale, level, border });
    }
  }
}
