import { offsetAlong } from "@sbnsis/wcs/internal";
import type { PixelPoint } from "../frame/cutout-box.ts";
import { type TanFrame, tanPixelToSky, tanSkyToPixel } from "../frame/tan-frame.ts";
import { type Canvas, line, type Pen, text, textSize } from "./canvas.ts";
import { GLYPH } from "./glyphs.ts";
import {
  circleOutline,
  ellipseOutline,
  pixelSize,
  type SkyEllipse,
  type SkyTrail,
  trailOutline,
} from "./sky-outline.ts";

/**
 * Something drawn on a picture. Angles in degrees; positions in the celestial system of the
 * picture's frame.
 */
export type Mark =
  | { readonly kind: "cross"; readonly lon: number; readonly lat: number }
  | { readonly kind: "circle"; readonly lon: number; readonly lat: number; readonly radiusArcsec: number }
  | ({ readonly kind: "ellipse" } & SkyEllipse)
  /**
   * The path of a moving object, along a great circle with its middle at (lon, lat): drawn as a
   * capsule around the path, so that the trail stays visible.
   */
  | ({ readonly kind: "trail" } & SkyTrail)
  /**
   * From the middle of the picture along a position angle, from north through east. The label is
   * ASCII.
   */
  | { readonly kind: "arrow"; readonly positionAngle: number; readonly label?: string }
  | { readonly kind: "scalebar" }
  | { readonly kind: "compass" };

/**
 * Pen strokes for the marks of one picture: each shape is drawn first in black with a border, then
 * in white, so that it stands out from any background.
 */
interface Strokes {
  line(x0: number, y0: number, x1: number, y1: number): void;
  /** Height of a capital letter, pixels. */
  readonly letterHeight: number;
  /** Width and height of a text, pixels. */
  textSize(words: string): readonly [number, number];
  /** Centered on (x, y). */
  text(x: number, y: number, words: string): void;
}

/** Picture sides per pixel of stroke width, and per doubling of the font. */
const PIXELS_PER_STROKE = 400;
const LARGE_LETTERS = 256;

/**
 * Draws marks on a finished picture, in place. Strokes are whole pixels wide, about 1/400 of the
 * shorter side before enlargement, without antialiasing: an enlarged picture has fine marks on
 * coarse pixels.
 * @param frame position of the canvas on the sky; its pixels count from the lower left
 * @param zoom factor by which the picture was enlarged
 */
export function drawMarks(canvas: Canvas, frame: TanFrame, marks: readonly Mark[], zoom = 1): void {
  const shorter = Math.min(canvas.width, canvas.height);
  const unit = Math.max(1, Math.round(shorter / zoom / PIXELS_PER_STROKE));
  const letters = Math.max(unit, shorter < LARGE_LETTERS ? 1 : 2);
  for (const [size, level] of [
    [unit + 2, 0],
    [unit, 255],
  ] as const) {
    const strokes = strokesOf(canvas, { size, level }, unit, letters);
    for (const mark of marks) drawMark(strokes, canvas, frame, mark, unit, zoom);
  }
}

/** @param scale pixels per font pixel */
function strokesOf(canvas: Canvas, pen: Pen, unit: number, scale: number): Strokes {
  const border = pen.size > unit ? 1 : 0;
  return {
    line: (x0, y0, x1, y1) => line(canvas, x0, y0, x1, y1, pen),
    letterHeight: GLYPH.height * scale,
    textSize: (words) => textSize(words, scale),
    text: (x, y, words) => {
      const [width, height] = textSize(words, scale);
      const left = Math.min(Math.max(1, Math.round(x - width / 2)), Math.max(1, canvas.width - width - 1));
      const top = Math.min(Math.max(1, Math.round(y - height / 2)), Math.max(1, canvas.height - height - 1));
      text(canvas, [left, top], words, { scale, level: pen.level, border });
    },
  };
}

function drawMark(
  strokes: Strokes,
  canvas: Canvas,
  frame: TanFrame,
  mark: Mark,
  unit: number,
  zoom: number,
): void {
  switch (mark.kind) {
    case "cross":
      drawCross(strokes, canvas, frame, mark, unit);
      break;
    case "circle":
      drawOutline(strokes, canvas, circleOutline(frame, mark));
      break;
    case "ellipse":
      drawOutline(strokes, canvas, ellipseOutline(frame, mark));
      break;
    case "trail":
      drawOutline(strokes, canvas, trailOutline(frame, mark, 4 * unit + 2 * zoom));
      break;
    case "arrow":
      drawArrow(strokes, canvas, frame, mark, unit);
      break;
    case "scalebar":
      drawScalebar(strokes, canvas, frame, unit);
      break;
    case "compass":
      drawCompass(strokes, canvas, frame, unit);
      break;
  }
}

/** Four strokes with a gap in the middle, so that the marked object stays visible. */
function drawCross(
  strokes: Strokes,
  canvas: Canvas,
  frame: TanFrame,
  { lon, lat }: { readonly lon: number; readonly lat: number },
  unit: number,
): void {
  const at = tanSkyToPixel(frame, lon, lat);
  if (at === undefined) return;
  const x = at.x;
  const y = canvas.height - 1 - at.y;
  const inner = 4 * unit;
  const outer = 11 * unit;
  strokes.line(x - outer, y, x - inner, y);
  strokes.line(x + inner, y, x + outer, y);
  strokes.line(x, y - outer, x, y - inner);
  strokes.line(x, y + inner, x, y + outer);
}

/** @param corners from the lower left; those that are undefined leave a gap */
function drawOutline(strokes: Strokes, canvas: Canvas, corners: readonly (PixelPoint | undefined)[]): void {
  let last = corners.at(-1);
  for (const corner of corners) {
    if (last !== undefined && corner !== undefined)
      strokes.line(last.x, canvas.height - 1 - last.y, corner.x, canvas.height - 1 - corner.y);
    last = corner;
  }
}

function drawArrow(
  strokes: Strokes,
  canvas: Canvas,
  frame: TanFrame,
  { positionAngle, label }: { readonly positionAngle: number; readonly label?: string },
  unit: number,
): void {
  const [dx, dy] = direction(frame, canvas, positionAngle);
  const x = (canvas.width - 1) / 2;
  const y = (canvas.height - 1) / 2;
  const length = 0.3 * Math.min(canvas.width, canvas.height);
  const start = Math.min(12 * unit, length / 3);
  arrow(strokes, [x + dx * start, y + dy * start], [dx, dy], length - start, unit);
  if (label === undefined) return;
  const [width, height] = strokes.textSize(label);
  const labelAt = length + 4 * unit + (Math.abs(dx) * width + Math.abs(dy) * height) / 2;
  strokes.text(x + dx * labelAt, y + dy * labelAt, label);
}

/** At the lower left: the longest round angle of at most a quarter of the width. */
function drawScalebar(strokes: Strokes, canvas: Canvas, frame: TanFrame, unit: number): void {
  const scale = pixelSize(frame) * 3600;
  const { arcsec, label } = niceAngle((scale * canvas.width) / 4);
  const x = 8 * unit;
  const y = canvas.height - 1 - 8 * unit;
  const length = arcsec / scale;
  strokes.line(x, y, x + length, y);
  strokes.line(x, y - 3 * unit, x, y + 3 * unit);
  strokes.line(x + length, y - 3 * unit, x + length, y + 3 * unit);
  strokes.text(x + length / 2, y - 5 * unit - strokes.letterHeight / 2, label);
}

/**
 * In the lower right corner: arrows to the north and to the east, as close to the corner as their
 * letters allow.
 */
function drawCompass(strokes: Strokes, canvas: Canvas, frame: TanFrame, unit: number): void {
  const length = Math.min(28 * unit, Math.min(canvas.width, canvas.height) / 6);
  const letterAt = length + 3 * unit + strokes.letterHeight / 2;
  const north = direction(frame, canvas, 0);
  const east = direction(frame, canvas, 90);
  const margin = 2 * unit + strokes.letterHeight / 2 + 2;
  const x = canvas.width - 1 - margin - letterAt * Math.max(0, north[0], east[0]);
  const y = canvas.height - 1 - margin - letterAt * Math.max(0, north[1], east[1]);
  for (const [[dx, dy], letter] of [
    [north, "N"],
    [east, "E"],
  ] as const) {
    arrow(strokes, [x, y], [dx, dy], length, unit);
    strokes.text(x + dx * letterAt, y + dy * letterAt, letter);
  }
}

function arrow(
  strokes: Strokes,
  [x, y]: readonly [number, number],
  [dx, dy]: readonly [number, number],
  length: number,
  unit: number,
): void {
  const endX = x + dx * length;
  const endY = y + dy * length;
  const head = Math.min(5 * unit, length / 2);
  strokes.line(x, y, endX, endY);
  strokes.line(endX, endY, endX - head * (dx + 0.6 * dy), endY - head * (dy - 0.6 * dx));
  strokes.line(endX, endY, endX - head * (dx - 0.6 * dy), endY - head * (dy + 0.6 * dx));
}

/** Unit vector, x to the right and y down, along a position angle at the middle of the picture. */
function direction(frame: TanFrame, canvas: Canvas, positionAngle: number): readonly [number, number] {
  const x = (canvas.width - 1) / 2;
  const y = (canvas.height - 1) / 2;
  const [lon, lat] = tanPixelToSky(frame, x, y);
  const [toLon, toLat] = offsetAlong([lon, lat], positionAngle, pixelSize(frame));
  const at = tanSkyToPixel(frame, toLon, toLat) ?? { x, y: y + 1 };
  const length = Math.hypot(at.x - x, at.y - y);
  return [(at.x - x) / length, -(at.y - y) / length];
}

/**
 * Round angles for scale bars, arcseconds: 1, 2, 5 and their tens within each unit, and halves of
 * the sexagesimal ones.
 */
const STEPS = [1, 2, 5, 10, 20, 30] as const;

/**
 * The longest round angle of at most `arcsec`, and its notation: 30", 2', 1d. Below a second: 1, 2,
 * 5 times a power of ten.
 */
export function niceAngle(arcsec: number): { readonly arcsec: number; readonly label: string } {
  for (const [unit, sign] of [
    [3600, "d"],
    [60, "'"],
    [1, '"'],
  ] as const) {
    const step = STEPS.findLast((candidate) => candidate * unit <= arcsec);
    if (step !== undefined) return { arcsec: step * unit, label: `${step}${sign}` };
  }
  const power = 10 ** Math.floor(Math.log10(arcsec));
  const digit = [5, 2].find((candidate) => candidate * power <= arcsec) ?? 1;
  const value = Number((digit * power).toPrecision(1));
  return { arcsec: value, label: `${value}"` };
}
