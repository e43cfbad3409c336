import type { Projection } from "./projection.ts";

/** Gnomonic: from the center of the sphere onto a tangent plane. FITS WCS paper II, 5.1.3. */
export const tan: Projection = {
  code: "TAN",
  theta0: () => 90,
  constants: () => [],
  toNative(_c, x, y, out) {
    const scale = 1 / Math.sqrt(1 + x * x + y * y);
    out[0] = -y * scale;
    out[1] = x * scale;
    out[2] = scale;
    return true;
  },
  toPlane(_c, v, out) {
    const depth = v[2]!;
    if (!(depth > 0)) return false;
    const x = v[1]! / depth;
    out[1] = -v[0]! / depth;
    out[0] = x;
    return true;
  },
};
