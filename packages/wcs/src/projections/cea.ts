import { WcsError } from "../errors.ts";
import { longitudeOf } from "../sky/rotation.ts";
import { parameter, setNativeSine } from "./native.ts";
import type { Projection } from "./projection.ts";

/**
 * Cylindrical equal-area, PVi_1 = lambda. FITS WCS paper II, 5.2.2. Errors: WCS_INVALID for lambda
 * outside 0 .. 1.
 */
export const cea: Projection = {
  code: "CEA",
  theta0: () => 0,
  constants: (pv) => {
    const lambda = parameter(pv, 1, 1);
    if (!(lambda > 0 && lambda <= 1)) {
      throw new WcsError(
        "WCS_INVALID",
        `PVi_1 = ${lambda} of the projection CEA is not above 0 and at most 1.`,
      );
    }
    return [lambda];
  },
  toNative(c, x, y, out) {
    return setNativeSine(out, x, y * c[0]!);
  },
  toPlane(c, v, out) {
    const x = longitudeOf(v);
    out[1] = v[2]! / c[0]!;
    out[0] = x;
    return true;
  },
};
