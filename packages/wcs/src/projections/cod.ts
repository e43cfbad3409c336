import { latitudeOf } from "../sky/rotation.ts";
import { coneToNative, nativeToCone, parallels } from "./conic.ts";
import { parameter } from "./native.ts";
import type { Projection } from "./projection.ts";

/**
 * Conic equidistant. FITS WCS paper II, 5.4.3. Constants: cone, apex, whether it opens to the
 * south, then its own.
 */
export const cod: Projection = {
  code: "COD",
  theta0: (pv) => parameter(pv, 1, Number.NaN),
  constants(pv) {
    const [middle, eta] = parallels("COD", pv);
    const south = middle < 0 ? 1 : 0;
    const apex = (eta === 0 ? 1 : eta / Math.tan(eta)) / Math.tan(middle);
    return [Math.sin(middle) * (eta === 0 ? 1 : Math.sin(eta) / eta), apex, south, middle];
  },
  toNative(c, x, y, out) {
    return coneToNative(c, (r) => c[3]! + c[1]! - r, x, y, out);
  },
  toPlane(c, v, out) {
    const theta = latitudeOf(v);
    return nativeToCone(c, c[3]! - theta + c[1]!, v, out);
  },
};
