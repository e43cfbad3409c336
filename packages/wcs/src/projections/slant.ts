import { distanceToPole } from "./native.ts";

/**
 * Writes the direction of (x, y) in a projection by straight lines onto the tangent plane; the line
 * through (x, y) runs along (xi, eta, 1). Of its two points on the sphere the nearer is taken, or,
 * if `far` and the nearer is not on the sphere's side of the plane, the other. False if there is
 * none. FITS WCS paper II, 5.1.2 and 5.1.5.
 */
export function slantToNative(
  [xi, eta]: readonly [number, number],
  x: number,
  y: number,
  far: boolean,
  out: Float64Array,
): boolean {
  const r2 = x * x + y * y;
  const a = xi * xi + eta * eta + 1;
  const b = x * xi + y * eta + 1;
  const discriminant = b * b - a * r2;
  if (!(discriminant >= -1e-13)) return false;
  const root = Math.sqrt(Math.max(0, discriminant));
  const near = r2 / (b + root);
  const down = !far || (near >= 0 && near <= 2) ? near : (b + root) / a;
  if (!(down >= 0 && down <= 2)) return false;
  out[0] = -(y - eta * down);
  out[1] = x - xi * down;
  out[2] = 1 - down;
  return true;
}

/** How far the direction v is below the tangent point, without loss of digits near it. */
export function depthBelow(v: Float64Array): number {
  return v[2]! > 0 ? distanceToPole(v) : 1 - v[2]!;
}
