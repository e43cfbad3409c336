import { WcsError } from "../errors.ts";
import { colatitude, setZenithal, setZenithalPlane } from "./native.ts";
import type { Projection } from "./projection.ts";
import { rootBetween } from "./root.ts";

const STEPS = 720;

function radius(c: readonly number[], z: number): number {
  let sum = 0;
  for (let m = c.length - 1; m >= 1; m--) sum = sum * z + c[m]!;
  return sum;
}

function slope(c: readonly number[], z: number): number {
  let sum = 0;
  for (let m = c.length - 1; m >= 2; m--) sum = sum * z + c[m]! * (m - 1);
  return sum;
}

/**
 * Zenithal polynomial: R = sum PVi_m z^m of the zenith distance z in radians, for as long as R
 * grows. FITS WCS paper II, 5.1.7.
 * Constants: the largest z, then the coefficients. Errors: WCS_INVALID without coefficients, or
 * when R does not grow from the pole.
 */
export const zpn: Projection = {
  code: "ZPN",
  theta0: () => 90,
  constants(pv) {
    const coefficients = Array.from(pv, (value) => (value === undefined || Number.isNaN(value) ? 0 : value));
    while (coefficients.length > 0 && coefficients.at(-1) === 0) coefficients.pop();
    const c = [Math.PI, ...coefficients];
    if (coefficients.length < 2 || !(slope(c, 0) > 0)) {
      throw new WcsError(
        "WCS_INVALID",
        "The parameters PVi_m of the projection ZPN do not make a map around its pole.",
      );
    }
    for (let k = 1; k <= STEPS; k++) {
      const z = (Math.PI * k) / STEPS;
      if (slope(c, z) > 0) continue;
      c[0] = rootBetween((at) => slope(c, at), (Math.PI * (k - 1)) / STEPS, z);
      break;
    }
    return c;
  },
  toNative(c, x, y, out) {
    const r = Math.hypot(x, y);
    const furthest = c[0]!;
    const [inner, outer] = [radius(c, 0), radius(c, furthest)];
    if (!(r >= inner - 1e-13 && r <= outer + 1e-13)) return false;
    const z = r <= inner ? 0 : r >= outer ? furthest : rootBetween((at) => radius(c, at) - r, 0, furthest);
    return setZenithal(out, x, y, r, z);
  },
  toPlane(c, v, out) {
    const z = colatitude(v);
    return z <= c[0]! + 1e-12 && setZenithalPlane(v, radius(c, z), out);
  },
};
