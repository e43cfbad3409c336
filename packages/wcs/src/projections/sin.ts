import { parameter } from "./native.ts";
import type { Projection } from "./projection.ts";
import { depthBelow, slantToNative } from "./slant.ts";

/** Orthographic, and slant orthographic with PVi_1, PVi_2. FITS WCS paper II, 5.1.5. */
export const sin: Projection = {
  code: "SIN",
  theta0: () => 90,
  constants: (pv) => [parameter(pv, 1, 0), parameter(pv, 2, 0)],
  toNative(c, x, y, out) {
    return slantToNative([c[0]!, c[1]!], x, y, false, out);
  },
  toPlane(c, v, out) {
    const xi = c[0]!;
    const eta = c[1]!;
    if (!(v[2]! + xi * v[1]! - eta * v[0]! >= -1e-13)) return false;
    const down = depthBelow(v);
    const x = v[1]! + xi * down;
    out[1] = -v[0]! + eta * down;
    out[0] = x;
    return true;
  },
};
