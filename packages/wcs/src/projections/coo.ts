import { latitudeOf } from "../sky/rotation.ts";
import { coneToNative, nativeToCone, parallels } from "./conic.ts";
import { parameter } from "./native.ts";
import type { Projection } from "./projection.ts";

/**
 * Conic orthomorphic. FITS WCS paper II, 5.4.4. Constants: cone, apex, whether it opens to the
 * south, then its own.
 */
export const coo: Projection = {
  code: "COO",
  theta0: (pv) => parameter(pv, 1, Number.NaN),
  constants(pv) {
    const [middle, eta] = parallels("COO", pv);
    const south = middle < 0 ? 1 : 0;
    const quarter = Math.PI / 4;
    const [one, two] = [middle - eta, middle + eta];
    const cone =
      eta === 0
        ? Math.sin(middle)
        : Math.log(Math.cos(two) / Math.cos(one)) /
          Math.log(Math.tan(quarter - two / 2) / Math.tan(quarter - one / 2));
    const psi = Math.cos(one) / (cone * Math.tan(quarter - one / 2) ** cone);
    return [cone, psi * Math.tan(quarter - middle / 2) ** cone, south, psi];
  },
  toNative(c, x, y, out) {
    return coneToNative(c, (r) => Math.PI / 2 - 2 * Math.atan((r / c[3]!) ** (1 / c[0]!)), x, y, out);
  },
  toPlane(c, v, out) {
    const theta = latitudeOf(v);
    return nativeToCone(c, c[3]! * Math.tan(Math.max(0, Math.PI / 4 - theta / 2)) ** c[0]!, v, out);
  },
};
