import type { Wcs } from "../model/wcs.ts";
import { undistortedToPixel, undistortedToPixelNear } from "./pixel-direction.ts";

/** Pixels between two solutions of the distortion. */
const STEP = 64;
/** Allowed error of the interpolation, in pixels. */
const ALLOWED = 1e-6;

const found = new Float64Array(3);

/**
 * Converts the positions outX[0..n), outY[0..n) of a row from undistorted to real pixels (from 0)
 * of `wcs`.
 * The displacement is solved for at every 64th position, with a cubic in between. False, with the
 * positions overwritten, where this is not accurate: in rows that leave the map or come near a
 * fold, and for distortions that change too fast.
 */
export function distortRow(
  wcs: Wcs,
  x0: number,
  y: number,
  n: number,
  outX: Float64Array,
  outY: Float64Array,
): boolean {
  const nodes = Math.ceil((n - 1) / STEP) + 1;
  if (n < 4 * STEP || !Number.isFinite(outX[0]!) || !Number.isFinite(outX[n - 1]!)) return false;
  const moves = movesAt(nodes);
  const last = nodes - 1;
  for (let k = 0; k <= last; k++) {
    const i = k === last ? n - 1 : k * STEP;
    const ux = outX[i]!;
    const uy = outY[i]!;
    if (k === 0 || k === last) {
      if (!undistortedToPixel(wcs, ux, uy, found)) return false;
    } else if (!undistortedToPixelNear(wcs, ux, uy, ux + moves.x[k - 1]!, uy + moves.y[k - 1]!, found)) {
      return false;
    }
    moves.x[k] = found[0]! - ux;
    moves.y[k] = found[1]! - uy;
  }
  const whole = last - 1;
  const probe = ((Math.abs(Math.trunc(x0) + Math.trunc(y)) % Math.max(1, whole - 2)) + 1) * STEP + STEP / 2;
  const good = probe < whole * STEP ? solved(wcs, outX[probe]!, outY[probe]!) : undefined;
  if (probe < whole * STEP && good === undefined) return false;
  const atProbe = good === undefined ? undefined : ([found[0]!, found[1]!] as const);
  for (let k = 0; k < whole; k++)
    cubic(moves, Math.min(Math.max(k - 1, 0), whole - 3), k * STEP, STEP, outX, outY);
  const rest = whole * STEP;
  for (let i = rest; i < n; i++) {
    if (!undistortedToPixel(wcs, outX[i]!, outY[i]!, found)) return false;
    outX[i] = found[0]!;
    outY[i] = found[1]!;
  }
  return atProbe === undefined || Math.hypot(outX[probe]! - atProbe[0], outY[probe]! - atProbe[1]) <= ALLOWED;
}

interface Moves {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

let kept: Moves = { x: new Float64Array(0), y: new Float64Array(0) };

function movesAt(nodes: number): Moves {
  if (kept.x.length < nodes) kept = { x: new Float64Array(2 * nodes), y: new Float64Array(2 * nodes) };
  return kept;
}

function solved(wcs: Wcs, x: number, y: number): true | undefined {
  return undistortedToPixel(wcs, x, y, found) ? true : undefined;
}

/**
 * Adds to positions start .. start+count-1 the cubic through the displacements of nodes first ..
 * first+3, in Newton's form.
 */
function cubic(
  { x, y }: Moves,
  first: number,
  start: number,
  count: number,
  outX: Float64Array,
  outY: Float64Array,
): void {
  const [x0, x1, x2, x3] = [x[first]!, x[first + 1]!, x[first + 2]!, x[first + 3]!];
  const [y0, y1, y2, y3] = [y[first]!, y[first + 1]!, y[first + 2]!, y[first + 3]!];
  const ax = x1 - x0;
  const bx = (x2 - 2 * x1 + x0) / 2;
  const cx = (x3 - 3 * x2 + 3 * x1 - x0) / 6;
  const ay = y1 - y0;
  const by = (y2 - 2 * y1 + y0) / 2;
  const cy = (y3 - 3 * y2 + 3 * y1 - y0) / 6;
  for (let i = start; i < start + count; i++) {
    const t = i / STEP - first;
    outX[i] = outX[i]! + x0 + t * (ax + (t - 1) * (bx + (t - 2) * cx));
    outY[i] = outY[i]! + y0 + t * (ay + (t - 1) * (by + (t - 2) * cy));
  }
}
