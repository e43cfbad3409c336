import { mapPlane, mapPlaneWithSlopes, type PlaneMap } from "./plane-map.ts";

const work = new Float64Array(6);
const MAX_STEPS = 40;
/** Samples on the line from the origin at which the map must not have folded. */
const SAMPLES = 12;

/**
 * Finds the position that `map` sends to (x, y), by Newton's method from (startX, startY), and
 * writes it into out[0..1].
 * False when there is none: the steps do not converge, the solution does not map back to (x, y), or
 * it is beyond a fold of the map. Beyond a fold the determinant has the opposite sign from the
 * origin, and another position has the same image.
 */
export function invertPlane(
  map: PlaneMap,
  x: number,
  y: number,
  startX: number,
  startY: number,
  out: Float64Array,
): boolean {
  if (!refineInverse(map, x, y, startX, startY, out)) return false;
  return !foldedBefore(map, out[0]!, out[1]!);
}

/**
 * As invertPlane, without the search for folds: for starting points known to be on the near side of
 * any fold.
 */
export function refineInverse(
  map: PlaneMap,
  x: number,
  y: number,
  startX: number,
  startY: number,
  out: Float64Array,
): boolean {
  let px = startX;
  let py = startY;
  let last = Number.POSITIVE_INFINITY;
  for (let step = 0; step < MAX_STEPS; step++) {
    mapPlaneWithSlopes(map, px, py, work);
    const ex = work[0]! - x;
    const ey = work[1]! - y;
    const determinant = work[2]! * work[5]! - work[3]! * work[4]!;
    const dx = (work[5]! * ex - work[3]! * ey) / determinant;
    const dy = (work[2]! * ey - work[4]! * ex) / determinant;
    if (!Number.isFinite(dx) || !Number.isFinite(dy)) return ended(map, x, y, px, py, out);
    const miss = Math.abs(ex) + Math.abs(ey);
    if (miss <= map.tolerance && miss >= last * 0.5) return ended(map, x, y, px, py, out);
    px -= dx;
    py -= dy;
    if (miss <= map.tolerance * 1e-3) return ended(map, x, y, px, py, out);
    last = miss;
  }
  return ended(map, x, y, px, py, out);
}

function ended(map: PlaneMap, x: number, y: number, px: number, py: number, out: Float64Array): boolean {
  mapPlane(map, px, py, work);
  const miss = Math.max(Math.abs(work[0]! - x), Math.abs(work[1]! - y));
  out[0] = px;
  out[1] = py;
  return miss <= map.tolerance + 1e-13 * (Math.abs(x) + Math.abs(y));
}

function foldedBefore(map: PlaneMap, px: number, py: number): boolean {
  const [ox, oy] = map.origin;
  const u = (px - ox) * map.scale[0];
  const v = (py - oy) * map.scale[1];
  if (Math.hypot(u, v) < map.unfoldedRadius) return false;
  mapPlaneWithSlopes(map, ox, oy, work);
  const sign = work[2]! * work[5]! - work[3]! * work[4]!;
  for (let k = 1; k <= SAMPLES; k++) {
    const t = k / SAMPLES;
    mapPlaneWithSlopes(map, ox + t * (px - ox), oy + t * (py - oy), work);
    if (!((work[2]! * work[5]! - work[3]! * work[4]!) * sign > 0)) return true;
  }
  return false;
}
