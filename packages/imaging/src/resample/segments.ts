/**
 * Pixels between the positions of a row that are mapped first: the nodes of gridMap, which cost
 * nothing.
 */
export const SEGMENT = 32;

/** Allowed numeric error of a position, besides its curvature. */
export const MARGIN = 1e-6;

/** The pixel that contains two positions and all between them; NaN when there may be several. */
export function commonPixel(a: number, b: number, bend: number): number {
  const low = Math.floor(Math.min(a, b) - bend + 0.5);
  return low === Math.floor(Math.max(a, b) + bend + 0.5) ? low : Number.NaN;
}

/**
 * Limit of the deviation within a segment from the straight line between its ends: its second
 * difference, with a margin for its change.
 */
export function curvature(nodes: Float64Array, segment: number): number {
  const last = nodes.length - 1;
  const before = segment === 0 ? segment : segment - 1;
  const after = Math.min(last, segment + 2);
  if (after - before < 2) return Number.NaN;
  const bendBefore = segment === 0 ? 0 : nodes[segment - 1]! - 2 * nodes[segment]! + nodes[segment + 1]!;
  const bendAfter = segment + 2 > last ? 0 : nodes[segment]! - 2 * nodes[segment + 1]! + nodes[segment + 2]!;
  return Math.max(Math.abs(bendBefore), Math.abs(bendAfter)) / 4;
}
