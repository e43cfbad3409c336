import type { RowMap } from "@sbnsis/wcs";
import { CellCopier } from "./cell-copier.ts";
import { type ImageSize, isInside, MIXED, OUTSIDE, sideOfSegment } from "./coverage.ts";
import { commonPixel, curvature, MARGIN, SEGMENT, SegmentCopier } from "./segment-copier.ts";

/**
 * Segments with less curvature than this, summed over both axes, pixels, count as straight where it
 * makes no difference.
 */
const STRAIGHT = 0.125;
/** Pixels mapped together near an edge. */
const NEAR = 4;

/**
 * Resamples an 8-bit image by the nearest neighbor, with the result of resampleRows; outside the
 * image there is 0.
 * Locally, most maps of the sky only shift, rotate by quarter turns or mirror whole pixels: where
 * the corners of a cell and their curvature show that this holds for all of its pixels, or the ends
 * of a segment for a part of a row, they are copied, neighbors together. Other segments follow a
 * parabola, and only pixels near an edge of a source pixel are mapped one by one.
 * @param bytes pixels of the source, row 0 first
 * @param size of the source
 * @param width width of the picture
 * @returns a function that fills `out` with row y of the picture; fastest with rows in order
 */
export function nearestResampler(
  map: RowMap,
  bytes: Uint8Array,
  size: ImageSize,
  width: number,
): (y: number, out: Uint8Array) => void {
  const copier = new SegmentCopier(bytes);
  const cells = new CellCopier(map, size, width);
  const moveRow = segmentResampler(map, bytes, size, width, copier);
  return (row, out) => {
    if (!cells.copyRow(row, copier, out)) moveRow(row, out);
    copier.flush(out);
  };
}

/** Pixels of the source, row 0 first. */
interface SourceImage extends ImageSize {
  readonly bytes: Uint8Array;
}

/** Positions in the source of the ends of segments. */
interface Nodes {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A segment, and how far its positions are at most off the straight line between its ends. */
interface Segment {
  readonly segment: number;
  /** Pixels in it. */
  readonly count: number;
  readonly offX: number;
  readonly offY: number;
}

/** Resamples a row of the picture segment by segment. */
function segmentResampler(
  map: RowMap,
  bytes: Uint8Array,
  size: ImageSize,
  width: number,
  copier: SegmentCopier,
): (row: number, out: Uint8Array) => void {
  const segments = Math.ceil(width / SEGMENT);
  const x = new Float64Array(segments + 1);
  const y = new Float64Array(segments + 1);
  const sourceX = new Float64Array(SEGMENT);
  const sourceY = new Float64Array(SEGMENT);
  const source = { ...size, bytes };
  const nodes = { x, y };
  const mapEach = (row: number, from: number, count: number, out: Uint8Array) => {
    map(row, from, 1, count, sourceX, sourceY);
    for (let i = 0; i < count; i++) {
      const sx = sourceX[i]!;
      const sy = sourceY[i]!;
      out[from + i] = isInside(sx, sy, size) ? bytes[((sy + 0.5) | 0) * size.width + ((sx + 0.5) | 0)]! : 0;
    }
  };
  return (row, out) => {
    map(row, 0, SEGMENT, segments + 1, x, y);
    for (let segment = 0; segment < segments; segment++) {
      const from = segment * SEGMENT;
      const count = Math.min(SEGMENT, width - from);
      const offX = curvature(x, segment) + MARGIN;
      const offY = curvature(y, segment) + MARGIN;
      if (copySegment(copier, size, nodes, { segment, count, offX, offY }, out)) continue;
      const side = offX + offY < STRAIGHT ? sideOfSegment(x, y, segment, offX, offY, size) : MIXED;
      if (side === OUTSIDE) out.fill(0, from, from + count);
      else if (side === MIXED) mapEach(row, from, count, out);
      else {
        for (let i = 0; i < count; ) {
          i = resampleBent(source, nodes, segment, i, count, out);
          if (i === count) break;
          const near = Math.min(NEAR, count - i);
          mapEach(row, from + i, near, out);
          i += near;
        }
      }
    }
  };
}

/**
 * Resamples pixels of a segment from `first` on along the parabola through its ends with the mean
 * of their second differences. Returns the first pixel so near an edge of a source pixel that it
 * could be on the wrong side.
 */
function resampleBent(
  { bytes, width }: SourceImage,
  { x, y }: Nodes,
  segment: number,
  first: number,
  count: number,
  out: Uint8Array,
): number {
  const from = segment * SEGMENT;
  const last = x.length - 1;
  const inner = segment > 0 && segment + 1 < last;
  const bendX = inner ? (x[segment - 1]! - x[segment]! - x[segment + 1]! + x[segment + 2]!) / 2 : 0;
  const bendY = inner ? (y[segment - 1]! - y[segment]! - y[segment + 1]! + y[segment + 2]!) / 2 : 0;
  // at the ends of a row, only one end gives the curvature
  const offX = MARGIN + (inner ? twist(x, segment) : curvature(x, segment));
  const offY = MARGIN + (inner ? twist(y, segment) : curvature(y, segment));
  const squareX = bendX / (2 * SEGMENT * SEGMENT);
  const squareY = bendY / (2 * SEGMENT * SEGMENT);
  const stepX = (x[segment + 1]! - x[segment]!) / SEGMENT - squareX * SEGMENT;
  const stepY = (y[segment + 1]! - y[segment]!) / SEGMENT - squareY * SEGMENT;
  const startX = x[segment]! + 0.5;
  const startY = y[segment]! + 0.5;
  const highX = 1 - offX;
  const highY = 1 - offY;
  for (let i = first; i < count; i++) {
    const sx = startX + i * (stepX + i * squareX);
    const sy = startY + i * (stepY + i * squareY);
    const column = sx | 0;
    const line = sy | 0;
    const fx = sx - column;
    const fy = sy - line;
    if (!(fx > offX && fx < highX && fy > offY && fy < highY)) return i;
    out[from + i] = bytes[line * width + column]!;
  }
  return count;
}

/**
 * Allowed deviation within a segment from its parabola: its third difference, with a margin for its
 * change.
 */
function twist(nodes: Float64Array, segment: number): number {
  const third = nodes[segment + 2]! - 3 * nodes[segment + 1]! + 3 * nodes[segment]! - nodes[segment - 1]!;
  return Math.abs(third) / 8;
}

/**
 * Copies a segment if its pixels are certainly contiguous; otherwise returns false.
 */
function copySegment(
  copier: SegmentCopier,
  { width, height }: ImageSize,
  { x, y }: Nodes,
  { segment, count, offX, offY }: Segment,
  out: Uint8Array,
): boolean {
  const dx = Math.round((x[segment + 1]! - x[segment]!) / SEGMENT);
  const dy = Math.round((y[segment + 1]! - y[segment]!) / SEGMENT);
  if (Math.abs(dx) + Math.abs(dy) !== 1) return false;
  const column = commonPixel(x[segment]!, x[segment + 1]! - dx * SEGMENT, offX);
  const row = commonPixel(y[segment]!, y[segment + 1]! - dy * SEGMENT, offY);
  if (Number.isNaN(column + row)) return false;
  const lastColumn = column + dx * (count - 1);
  const lastRow = row + dy * (count - 1);
  if (Math.min(column, lastColumn) < 0 || Math.max(column, lastColumn) >= width) return false;
  if (Math.min(row, lastRow) < 0 || Math.max(row, lastRow) >= height) return false;
  copier.add(segment * SEGMENT, row * width + column, dx + dy * width, count, out);
  return true;
}
