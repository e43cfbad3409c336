import type { RowMap } from "./pixel-map.ts";

/** Pixels between the places at which a row is looked at first. */
const STRIDE = 32;

/** Pixels by which a place must be clear of an edge for its neighbours up to STRIDE pixels away to be on the same side. */
const MARGIN = 3;

const INSIDE = 1;

/** Width and height of an image, pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * How many pixels of each row y0 .. y1-1 of a picture lie on its source.
 * Between two places STRIDE pixels apart that are both inside by more than MARGIN pixels all are taken to be inside, and likewise outside:
 * maps of the sky are not bent more than that within so few pixels. All others are counted one by one.
 *
 * @param width width of the picture
 */
export function insideCounts(
  map: RowMap,
  source: ImageSize,
  width: number,
  y0: number,
  y1: number,
): Uint32Array {
  const parts = Math.ceil(width / STRIDE);
  const x = new Float64Array(Math.max(parts, STRIDE));
  const y = new Float64Array(Math.max(parts, STRIDE));
  const sides = new Int8Array(parts + 1);
  const counts = new Uint32Array(y1 - y0);
  for (let row = y0; row < y1; row++) {
    map(row, 0, STRIDE, parts, x, y);
    for (let i = 0; i < parts; i++) sides[i] = sureSide(x[i]!, y[i]!, source);
    map(row, width - 1, 1, 1, x, y);
    sides[parts] = sureSide(x[0]!, y[0]!, source);
    let inside = 0;
    for (let i = 0; i < parts; i++) {
      const length = Math.min(STRIDE, width - i * STRIDE);
      const side = sides[i]!;
      if (side === 0 || side !== sides[i + 1]!) {
        map(row, i * STRIDE, 1, length, x, y);
        for (let k = 0; k < length; k++) if (isInside(x[k]!, y[k]!, source)) inside++;
      } else if (side === INSIDE) inside += length;
    }
    counts[row - y0] = inside;
  }
  return counts;
}

/** Whether a place belongs to a pixel of the image. */
function isInside(x: number, y: number, { width, height }: ImageSize): boolean {
  return x >= -0.5 && x < width - 0.5 && y >= -0.5 && y < height - 0.5;
}

/** INSIDE: surely inside; 2, 3, 4, 5: surely to the left, to the right, below, above; 0: near an edge, or without a place. */
function sureSide(x: number, y: number, { width, height }: ImageSize): number {
  if (x > MARGIN && x < width - 1 - MARGIN && y > MARGIN && y < height - 1 - MARGIN) return INSIDE;
  if (x < -1 - MARGIN) return 2;
  if (x > width + MARGIN) return 3;
  if (y < -1 - MARGIN) return 4;
  return y > height + MARGIN ? 5 : 0;
}
