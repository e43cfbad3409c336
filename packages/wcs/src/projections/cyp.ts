import { WcsError } from "../errors.ts";
import { longitudeOf } from "../sky/rotation.ts";
import { parameter, SLACK, setNative } from "./native.ts";
import type { Projection } from "./projection.ts";

/**
 * Cylindrical perspective, PVi_1 = mu, PVi_2 = lambda. FITS WCS paper II, 5.2.1. Errors:
 * WCS_INVALID for lambda = 0 and mu = -lambda.
 */
export const cyp: Projection = {
  code: "CYP",
  theta0: () => 0,
  constants: (pv) => {
    const mu = parameter(pv, 1, 1);
    const lambda = parameter(pv, 2, 1);
    if (lambda === 0 || mu + lambda === 0) {
      throw new WcsError("WCS_INVALID", "The projection CYP is not defined for PVi_2 = 0 or PVi_1 = -PVi_2.");
    }
    return [mu, lambda];
  },
  toNative(c, x, y, out) {
    const eta = y / (c[0]! + c[1]!);
    const sine = (eta * c[0]!) / Math.sqrt(eta * eta + 1);
    if (!(Math.abs(sine) <= 1 + SLACK)) return false;
    return setNative(out, x / c[1]!, Math.atan(eta) + Math.asin(Math.max(-1, Math.min(1, sine))));
  },
  toPlane(c, v, out) {
    const depth = c[0]! + Math.hypot(v[0]!, v[1]!);
    if (!(Math.abs(depth) > 0)) return false;
    const x = c[1]! * longitudeOf(v);
    out[1] = ((c[0]! + c[1]!) * v[2]!) / depth;
    out[0] = x;
    return true;
  },
};
