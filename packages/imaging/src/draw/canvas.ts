import { GLYPH, glyphPixel } from "./glyphs.ts";

/** A picture to draw on: 1 or 3 interleaved channels of 8 bits, the top row first. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** A square pen: its side in pixels, and the brightness it writes to every channel. */
export interface Pen {
  readonly size: number;
  readonly level: number;
}

/**
 * Sets the pixels under the pen at (x, y), from the left and from the top; pixels outside the
 * picture are skipped.
 */
function dot({ width, height, channels, pixels }: Canvas, x: number, y: number, { size, level }: Pen): void {
  const left = Math.round(x - (size - 1) / 2);
  const top = Math.round(y - (size - 1) / 2);
  const from = Math.max(0, left);
  const to = Math.min(width, left + size);
  if (from >= to) return;
  for (let row = Math.max(0, top); row < Math.min(height, top + size); row++) {
    pixels.fill(level, (row * width + from) * channels, (row * width + to) * channels);
  }
}

/** Draws a straight line, clipped at a pen's size outside the picture. */
export function line(canvas: Canvas, x0: number, y0: number, x1: number, y1: number, pen: Pen): void {
  const margin = pen.size + 1;
  const clipped = clip(x0, y0, x1, y1, margin, canvas);
  if (clipped === undefined) return;
  const [ax, ay, bx, by] = clipped;
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(bx - ax), Math.abs(by - ay))));
  for (let i = 0; i <= steps; i++)
    dot(canvas, ax + ((bx - ax) * i) / steps, ay + ((by - ay) * i) / steps, pen);
}

/** Size in pixels of a text whose font pixels are `scale` pixels. */
export function textSize(text: string, scale: number): readonly [number, number] {
  return [(text.length * GLYPH.advance - (GLYPH.advance - GLYPH.width)) * scale, GLYPH.height * scale];
}

/** How to draw a text. */
export interface Lettering {
  /** Picture pixels per font pixel. */
  readonly scale: number;
  /** Grey level. */
  readonly level: number;
  /** Pixels by which every font pixel is widened on all sides. */
  readonly border: number;
}

/** Draws a line of ASCII with its upper left corner at (x, y). */
export function text(
  canvas: Canvas,
  [x, y]: readonly [number, number],
  words: string,
  { scale, level, border }: Lettering,
): void {
  const pen = { size: scale + 2 * border, level };
  for (let i = 0; i < words.length; i++) {
    for (let row = 0; row < GLYPH.height; row++) {
      for (let column = 0; column < GLYPH.width; column++) {
        if (!glyphPixel(words[i]!, column, row)) continue;
        const middle = (scale - 1) / 2;
        dot(canvas, x + (i * GLYPH.advance + column) * scale + middle, y + row * scale + middle, pen);
      }
    }
  }
}

/** The part of a line within the picture and a margin (Liang and Barsky 1984). */
function clip(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  margin: number,
  { width, height }: Canvas,
): readonly [number, number, number, number] | undefined {
  const dx = x1 - x0;
  const dy = y1 - y0;
  let from = 0;
  let to = 1;
  const bounds = [
    [-dx, x0 + margin],
    [dx, width + margin - x0],
    [-dy, y0 + margin],
    [dy, height + margin - y0],
  ] as const;
  for (const [p, q] of bounds) {
    if (p === 0) {
      if (q < 0) return undefined;
    } else if (p < 0) from = Math.max(from, q / p);
    else to = Math.min(to, q / p);
  }
  if (!(from <= to)) return undefined;
  return [x0 + from * dx, y0 + from * dy, x0 + to * dx, y0 + to * dy];
}

/**
 * Writes lines of ASCII into the upper left corner of a picture, white on a black border; lines
 * that do not fit are cut.
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
