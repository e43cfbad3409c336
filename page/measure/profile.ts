import type { ValueAt } from "./circle.ts";

/** A value along a line. */
export interface ProfilePoint {
  /** Distance from the start, pixels. */
  readonly distance: number;
  readonly x: number;
  readonly y: number;
  /** Interpolated bilinearly between four pixels; NaN if one with nonzero weight has no value. */
  readonly value: number;
}

/** Maximum number of points of a profile. */
const MAX_POINTS = 2000;

/** Values along a line between two positions (pixels from 0), about one per pixel. */
export function profile(
  valueAt: ValueAt,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): readonly ProfilePoint[] {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const count = Math.min(MAX_POINTS, Math.max(2, Math.round(length) + 1));
  return Array.from({ length: count }, (_, k) => {
    const t = k / (count - 1);
    const [x, y] = [x0 + t * (x1 - x0), y0 + t * (y1 - y0)];
    return { distance: t * length, x, y, value: bilinear(valueAt, x, y) };
  });
}

/** The value between four pixels; a pixel with zero weight need not have one. */
export function bilinear(valueAt: ValueAt, x: number, y: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - i, y - j];
  let sum = 0;
  for (const [px, py, weight] of [
    [i, j, (1 - dx) * (1 - dy)],
    [i + 1, j, dx * (1 - dy)],
    [i, j + 1, (1 - dx) * dy],
    [i + 1, j + 1, dx * dy],
  ] as const) {
    if (weight > 0) sum += weight * valueAt(px, py);
  }
  return sum;
}
