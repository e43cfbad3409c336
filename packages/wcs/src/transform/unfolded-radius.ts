import type { PlaneMap } from "./plane-map.ts";

/** The coefficients of a map. */
type Terms = Pick<PlaneMap, "degree" | "x" | "y" | "radialX" | "radialY">;

/** A map with the radius within which it does not fold. */
export function planeMap(map: Omit<PlaneMap, "unfoldedRadius">): PlaneMap {
  return { ...map, unfoldedRadius: unfoldedRadius(map) };
}

/** Halvings of the interval in the search for a radius. */
const HALVINGS = 40;
/** Radii are searched from 2^-LARGEST to 2^LARGEST. */
const LARGEST = 40;

/**
 * A distance from the origin of a map, in its scaled coordinates u and v, within which it certainly
 * does not fold: its determinant keeps the sign it has at the origin.
 * Derived from bounds on the slopes of all terms, so the first fold may be farther out; 0 when
 * nothing is certain.
 */
export function unfoldedRadius(map: Terms): number {
  if (!keepsSign(map, 2 ** -LARGEST)) return 0;
  let low = -LARGEST;
  let high = LARGEST;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (keepsSign(map, 2 ** middle)) low = middle;
    else high = middle;
  }
  return 2 ** low;
}

/**
 * Whether the determinant at the origin exceeds all that the other terms can add to it within a
 * radius.
 */
function keepsSign({ degree, x, y, radialX, radialY }: Terms, radius: number): boolean {
  const columns = degree + 1;
  const at = (terms: readonly number[], i: number, j: number) =>
    i + j <= degree ? terms[i * columns + j]! : 0;
  const [a, b, c, d] = [at(x, 1, 0), at(x, 0, 1), at(y, 1, 0), at(y, 0, 1)];
  // upper bounds of what the higher orders add to dx/du, dx/dv, dy/du and dy/dv
  let [a1, b1, c1, d1] = [0, 0, 0, 0];
  for (let i = 0; i <= degree; i++) {
    for (let j = i < 2 ? 2 - i : 0; i + j <= degree; j++) {
      const power = radius ** (i + j - 1);
      const tx = Math.abs(at(x, i, j)) * power;
      const ty = Math.abs(at(y, i, j)) * power;
      a1 += i * tx;
      b1 += j * tx;
      c1 += i * ty;
      d1 += j * ty;
    }
  }
  for (let k = 0; k < radialX.length; k++) {
    const power = (2 * k + 1) * radius ** (2 * k);
    a1 += Math.abs(radialX[k]!) * power;
    b1 += Math.abs(radialX[k]!) * power;
    c1 += Math.abs(radialY[k]!) * power;
    d1 += Math.abs(radialY[k]!) * power;
  }
  const added = Math.abs(a) * d1 + Math.abs(d) * a1 + a1 * d1 + Math.abs(b) * c1 + Math.abs(c) * b1 + b1 * c1;
  return added < Math.abs(a * d - b * c) * (1 - 1e-9);
}
