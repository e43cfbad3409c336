import { type Header, headerInteger } from "@sbnsis/fits";
import { projectionOf } from "../projections/registry.ts";
import { DEGREE, setDirection } from "../sky/rotation.ts";
import type { LinearPart } from "./wcs.ts";

/** Maps that repeat along x, like tiles, with their period as a native longitude in degrees. */
const PERIODS: Readonly<Record<string, (constants: readonly number[]) => number>> = {
  CYP: () => 0,
  CEA: () => 0,
  CAR: () => 0,
  MER: () => 0,
  HPX: ([h]) => 360 / h!,
};

/** The range of native longitudes that an image shows. */
export interface NativeWindow {
  /** Native longitude, degrees, in the middle of the 360 degrees shown by the map. */
  readonly centre: number;
  /** Its x in the intermediate coordinates, radians. */
  readonly x: number;
}

/**
 * The 360 degrees of native longitude shown by a cylindrical map: -180 to 180 around the reference
 * point by default. An image that extends beyond one of these limits without spanning both, as with
 * a reference pixel at an edge, gets the 360 degrees around its middle instead, so that the whole
 * image is on the sky.
 * Other maps do not continue beyond 180 degrees.
 * @param toPlane the linear part with the row of the longitude first
 */
export function nativeWindow(
  header: Header,
  axes: readonly [number, number],
  linear: LinearPart,
  [a, b]: readonly [number, number, number, number],
  projection: { readonly code: string; readonly constants: readonly number[]; readonly offset: number },
): NativeWindow {
  const none = { centre: 0, x: 0 };
  const step = PERIODS[projection.code]?.(projection.constants);
  const shape = axes.map((axis) => headerInteger(header, `NAXIS${axis}`) ?? 0);
  if (step === undefined || !shape.every((length) => length > 0)) return none;
  const at = new Float64Array(3);
  setDirection(at, 1, 0);
  if (!projectionOf(projection.code).toPlane(projection.constants, at, at)) return none;
  const perRadian = at[0]!;
  const [u, v] = linear.crpix;
  const ends = [0.5, shape[0]! + 0.5].flatMap((x) =>
    [0.5, shape[1]! + 0.5].map((y) => (a * (x - u) + b * (y - v) + projection.offset / DEGREE) / perRadian),
  );
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const slack = 1e-9;
  if (least >= -180 - slack && most <= 180 + slack) return none;
  if (least <= -180 + slack && most >= 180 - slack) return none;
  const middle = (least + most) / 2;
  const whole = most - least < 360 ? middle : Math.max(-180, Math.min(180, middle));
  const centre = step === 0 ? whole : Math.round(whole / step) * step;
  return Number.isFinite(centre) ? { centre, x: centre * DEGREE * perRadian } : none;
}
