import { WcsError } from "../errors.ts";
import { DEGREE, longitudeOf } from "../sky/rotation.ts";
import { parameter, setNative } from "./native.ts";

/**
 * Middle latitude (PVi_1) and half the separation (PVi_2) of the standard parallels of a conic,
 * radians.
 * Errors: WCS_INVALID when PVi_1 is absent or 0.
 */
export function parallels(code: string, pv: readonly number[]): readonly [number, number] {
  const middle = parameter(pv, 1, Number.NaN);
  if (!(Math.abs(middle) > 0 && Math.abs(middle) <= 90)) {
    throw new WcsError("WCS_INVALID", `The projection ${code} needs PVi_1 between -90 and 90, and not 0.`);
  }
  return [middle * DEGREE, parameter(pv, 2, 0) * DEGREE];
}

/**
 * Constants that begin every conic projection: the cone, its apex y0, and 1 where it opens to the
 * south.
 */
type ConeConstants = readonly number[];

/**
 * Writes the direction of (x, y) on a cone; `latitude` converts the distance from the apex to a
 * latitude. FITS WCS paper II, 5.4.
 */
export function coneToNative(
  c: ConeConstants,
  latitude: (r: number) => number,
  x: number,
  y: number,
  out: Float64Array,
): boolean {
  const down = c[1]! - y;
  const r = c[2] === 1 ? -Math.hypot(x, down) : Math.hypot(x, down);
  const alpha = r === 0 ? 0 : Math.atan2(x / r, down / r);
  return setNative(out, alpha / c[0]!, latitude(r));
}

/** Writes x, y of a direction that is r from the apex of the cone. */
export function nativeToCone(c: ConeConstants, r: number, v: Float64Array, out: Float64Array): boolean {
  if (!Number.isFinite(r)) return false;
  const alpha = c[0]! * longitudeOf(v);
  out[0] = r * Math.sin(alpha);
  out[1] = c[1]! - r * Math.cos(alpha);
  return true;
}
