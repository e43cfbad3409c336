import { latitudeOf, longitudeOf } from "../sky/rotation.ts";
import { SLACK, setNative } from "./native.ts";
import type { Projection } from "./projection.ts";

/** Parabolic. FITS WCS paper II, 5.3.2. */
export const par: Projection = {
  code: "PAR",
  theta0: () => 0,
  constants: () => [],
  toNative(_c, x, y, out) {
    const s = y / Math.PI;
    const width = 1 - 4 * s * s;
    if (!(Math.abs(s) <= 0.5 + SLACK)) return false;
    const theta = 3 * Math.asin(Math.max(-0.5, Math.min(0.5, s)));
    return setNative(out, width > SLACK ? x / width : Math.abs(x) <= SLACK ? 0 : Number.NaN, theta);
  },
  toPlane(_c, v, out) {
    const s = Math.sin(latitudeOf(v) / 3);
    const x = longitudeOf(v) * (1 - 4 * s * s);
    out[1] = Math.PI * s;
    out[0] = x;
    return true;
  },
};
