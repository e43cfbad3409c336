import { WcsError } from "../errors.ts";
import { DEGREE, latitudeOf, longitudeOf } from "../sky/rotation.ts";
import { parameter, SLACK, setNative } from "./native.ts";
import type { Projection } from "./projection.ts";
import { sfl } from "./sfl.ts";

/**
 * Bonne's equal-area, PVi_1 = standard parallel. FITS WCS paper II, 5.5.1. Errors: WCS_INVALID
 * without PVi_1.
 */
export const bon: Projection = {
  code: "BON",
  theta0: () => 0,
  constants: (pv) => {
    const theta1 = parameter(pv, 1, Number.NaN) * DEGREE;
    if (!(Math.abs(theta1) <= Math.PI / 2))
      throw new WcsError("WCS_INVALID", "The projection BON needs PVi_1.");
    return theta1 === 0 ? [0, 0] : [theta1, 1 / Math.tan(theta1) + theta1];
  },
  toNative(c, x, y, out) {
    if (c[0] === 0) return sfl.toNative(c, x, y, out);
    const down = c[1]! - y;
    const r = Math.sign(c[0]!) * Math.hypot(x, down);
    const theta = c[1]! - r;
    const width = Math.cos(theta);
    if (width <= SLACK) return setNative(out, 0, theta);
    return setNative(out, (r * Math.atan2(x / r, down / r)) / width, theta);
  },
  toPlane(c, v, out) {
    if (c[0] === 0) return sfl.toPlane(c, v, out);
    const r = c[1]! - latitudeOf(v);
    const alpha = r === 0 ? 0 : (longitudeOf(v) * Math.hypot(v[0]!, v[1]!)) / r;
    out[0] = r * Math.sin(alpha);
    out[1] = c[1]! - r * Math.cos(alpha);
    return true;
  },
};
