import { colatitude, setZenithal, setZenithalPlane } from "./native.ts";
import type { Projection } from "./projection.ts";

/** Zenithal equidistant. FITS WCS paper II, 5.1.6. */
export const arc: Projection = {
  code: "ARC",
  theta0: () => 90,
  constants: () => [],
  toNative(_c, x, y, out) {
    const r = Math.hypot(x, y);
    return setZenithal(out, x, y, r, r);
  },
  toPlane(_c, v, out) {
    return setZenithalPlane(v, colatitude(v), out);
  },
};
