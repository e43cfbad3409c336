/** Pixels between the places of a row that are looked at first: the nodes of gridMap, which cost nothing. */
export const RUN = 32;

/** How far a place may be from where it is computed, besides its curvature. */
export const MARGIN = 1e-6;

/** The whole pixel that two places and all between them belong to; NaN when they may belong to several. */
export function steadyPixel(a: number, b: number, bend: number): number {
  const low = Math.floor(Math.min(a, b) - bend + 0.5);
  return low === Math.floor(Math.max(a, b) + bend + 0.5) ? low : Number.NaN;
}

/** How far places within a run may be off the straight line between its ends: its second difference, with a margin for its change. */
export function curvature(nodes: Float64Array, run: number): number {
  const last = nodes.length - 1;
  const before = run === 0 ? run : run - 1;
  const after = Math.min(last, run + 2);
  if (after - before < 2) return Number.NaN;
  const bendBefore = run === 0 ? 0 : nodes[run - 1]! - 2 * nodes[run]! + nodes[run + 1]!;
  const bendAfter = run + 2 > last ? 0 : nodes[run]! - 2 * nodes[run + 1]! + nodes[run + 2]!;
  return Math.max(Math.abs(bendBefore), Math.abs(bendAfter)) / 4;
}
