import { coneToNative, nativeToCone, parallels } from "./conic.ts";
import { parameter } from "./native.ts";
import type { Projection } from "./projection.ts";

/**
 * Conic equal-area. FITS WCS paper II, 5.4.2. Constants: cone, apex, whether it opens to the south,
 * then its own.
 */
export const coe: Projection = {
  code: "COE",
  theta0: (pv) => parameter(pv, 1, Number.NaN),
  constants(pv) {
    const [middle, eta] = parallels("COE", pv);
    const south = middle < 0 ? 1 : 0;
    const [one, two] = [Math.sin(middle - eta), Math.sin(middle + eta)];
    const gamma = one + two;
    const square = 1 + one * two;
    const apex = (2 / gamma) * Math.sqrt(square - gamma * Math.sin(middle));
    return [gamma / 2, apex, south, gamma, square];
  },
  toNative(c, x, y, out) {
    return coneToNative(c, (r) => equalAreaLatitude(c, r), x, y, out);
  },
  toPlane(c, v, out) {
    return nativeToCone(c, (2 / c[3]!) * Math.sqrt(Math.max(0, c[4]! - c[3]! * v[2]!)), v, out);
  },
};

function equalAreaLatitude(c: readonly number[], r: number): number {
  const gamma = c[3]!;
  const sine = c[4]! / gamma - (gamma * r * r) / 4;
  return Math.abs(sine) <= 1 + 1e-12 ? Math.asin(Math.max(-1, Math.min(1, sine))) : Number.NaN;
}
