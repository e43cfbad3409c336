import { longitudeOf } from "../sky/rotation.ts";
import { SLACK, setNativeSine } from "./native.ts";
import type { Projection } from "./projection.ts";

/** Hammer-Aitoff. FITS WCS paper II, 5.3.4. */
export const ait: Projection = {
  code: "AIT",
  theta0: () => 0,
  constants: () => [],
  toNative(_c, x, y, out) {
    const z2 = 1 - (x * x) / 16 - (y * y) / 4;
    if (!(z2 >= 0.5 - SLACK)) return false;
    const z = Math.sqrt(z2);
    return setNativeSine(out, 2 * Math.atan2((z * x) / 2, 2 * z2 - 1), y * z);
  },
  toPlane(_c, v, out) {
    const phi = longitudeOf(v) / 2;
    const s = Math.hypot(v[0]!, v[1]!);
    const gamma = Math.sqrt(2 / (1 + s * Math.cos(phi)));
    out[1] = gamma * v[2]!;
    out[0] = 2 * gamma * s * Math.sin(phi);
    return true;
  },
};
