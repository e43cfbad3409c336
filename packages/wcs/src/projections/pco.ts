import { latitudeOf, longitudeOf } from "../sky/rotation.ts";
import { setNative } from "./native.ts";
import type { Projection } from "./projection.ts";
import { rootBetween } from "./root.ts";

/** Polyconic. FITS WCS paper II, 5.5.2. */
export const pco: Projection = {
  code: "PCO",
  theta0: () => 0,
  constants: () => [],
  toNative(_c, x, y, out) {
    if (Math.abs(y) < 1e-12) return setNative(out, x, y);
    const miss = (theta: number) => {
      const d = y - theta;
      return (x * x + d * d) * Math.sin(theta) - 2 * d * Math.cos(theta);
    };
    const theta = x === 0 ? y : rootBetween(miss, 0, Math.sign(y) * Math.min(Math.abs(y), Math.PI / 2));
    if (Number.isNaN(theta)) return false;
    const t = Math.tan(theta);
    return setNative(out, Math.atan2(x * t, 1 - (y - theta) * t) / Math.sin(theta), theta);
  },
  toPlane(_c, v, out) {
    const phi = longitudeOf(v);
    const theta = latitudeOf(v);
    const alpha = phi * Math.sin(theta);
    const small = Math.abs(theta) < 1e-7;
    const cot = small ? 0 : 1 / Math.tan(theta);
    out[0] = small ? phi * Math.cos(theta) : cot * Math.sin(alpha);
    out[1] = small ? theta * (1 + (phi * phi) / 2) : theta + 2 * cot * Math.sin(alpha / 2) ** 2;
    return true;
  },
};
