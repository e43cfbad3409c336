import { colatitude, setZenithal, setZenithalPlane } from "./native.ts";
import type { Projection } from "./projection.ts";

/** Zenithal equal-area. FITS WCS paper II, 5.1.8. */
export const zea: Projection = {
  code: "ZEA",
  theta0: () => 90,
  constants: () => [],
  toNative(_c, x, y, out) {
    const r = Math.hypot(x, y);
    return r <= 2 + 1e-12 && setZenithal(out, x, y, r, 2 * Math.asin(Math.min(1, r / 2)));
  },
  toPlane(_c, v, out) {
    return setZenithalPlane(v, 2 * Math.sin(colatitude(v) / 2), out);
  },
};
