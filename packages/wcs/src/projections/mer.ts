import { longitudeOf } from "../sky/rotation.ts";
import { setNative } from "./native.ts";
import type { Projection } from "./projection.ts";

/** Mercator. FITS WCS paper II, 5.2.4. */
export const mer: Projection = {
  code: "MER",
  theta0: () => 0,
  constants: () => [],
  toNative(_c, x, y, out) {
    return setNative(out, x, 2 * Math.atan(Math.exp(y)) - Math.PI / 2);
  },
  toPlane(_c, v, out) {
    const s = Math.hypot(v[0]!, v[1]!);
    const x = longitudeOf(v);
    out[1] = Math.asinh(v[2]! / s);
    out[0] = x;
    return s > 0;
  },
};
