import type { Projection } from "./projection.ts";

/** Stereographic. FITS WCS paper II, 5.1.4. */
export const stg: Projection = {
  code: "STG",
  theta0: () => 90,
  constants: () => [],
  toNative(_c, x, y, out) {
    const t = (x * x + y * y) / 4;
    out[0] = -y / (1 + t);
    out[1] = x / (1 + t);
    out[2] = (1 - t) / (1 + t);
    return true;
  },
  toPlane(_c, v, out) {
    const depth = 1 + v[2]!;
    if (!(depth > 0)) return false;
    const x = (2 * v[1]!) / depth;
    out[1] = (-2 * v[0]!) / depth;
    out[0] = x;
    return true;
  },
};
