import { latitudeOf } from "../sky/rotation.ts";
import { coneToNative, nativeToCone, parallels } from "./conic.ts";
import { parameter } from "./native.ts";
import type { Projection } from "./projection.ts";

/**
 * Conic perspective. FITS WCS paper II, 5.4.1. Constants: cone, apex, whether it opens to the
 * south, then its own.
 */
export const cop: Projection = {
  code: "COP",
  theta0: (pv) => parameter(pv, 1, Number.NaN),
  constants(pv) {
    const [middle, eta] = parallels("COP", pv);
    const south = middle < 0 ? 1 : 0;
    const cot = 1 / Math.tan(middle);
    return [Math.sin(middle), Math.cos(eta) * cot, south, middle, Math.cos(eta), cot];
  },
  toNative(c, x, y, out) {
    return coneToNative(c, (r) => c[3]! + Math.atan(c[5]! - r / c[4]!), x, y, out);
  },
  toPlane(c, v, out) {
    const theta = latitudeOf(v);
    if (!(Math.cos(theta - c[3]!) > 0)) return false;
    return nativeToCone(c, c[4]! * (c[5]! - Math.tan(theta - c[3]!)), v, out);
  },
};
