import { WcsError } from "../errors.ts";
import { longitudeOf } from "../sky/rotation.ts";
import { distanceToPole, parameter, SLACK, setNativeNearPole, setNativeSine } from "./native.ts";
import type { Projection } from "./projection.ts";

/** Center of the polar facet at longitude or abscissa `x` (radians). */
function facet(x: number, h: number, k: number, north: boolean): number {
  const omega = k % 2 === 1 || north ? 1 : 0;
  const number = Math.floor(((x + Math.PI) * h) / (2 * Math.PI) + (1 - omega) / 2);
  return -Math.PI + ((2 * number + omega) * Math.PI) / h;
}

/**
 * HEALPix on the grid PVi_1 = H (4), PVi_2 = K (3). Calabretta and Roukema 2007. Errors:
 * WCS_INVALID unless both are positive integers.
 */
export const hpx: Projection = {
  code: "HPX",
  theta0: () => 0,
  constants(pv) {
    const h = parameter(pv, 1, 4);
    const k = parameter(pv, 2, 3);
    if (!(Number.isInteger(h) && Number.isInteger(k) && h > 0 && k > 0)) {
      throw new WcsError(
        "WCS_INVALID",
        "PVi_1 and PVi_2 of the projection HPX must be whole numbers above 0.",
      );
    }
    return [h, k];
  },
  toNative(c, x, y, out) {
    const [h, k] = [c[0]!, c[1]!];
    const up = Math.abs(y);
    if (up <= (Math.PI / 2) * ((k - 1) / h)) return setNativeSine(out, x, (y * 2 * h) / (Math.PI * k));
    const sigma = (k + 1) / 2 - (up * h) / Math.PI;
    if (!(sigma >= -SLACK) || !(Math.abs(x) <= Math.PI + SLACK)) return false;
    const centre = facet(x, h, k, y > 0);
    const aside = x - centre;
    if (Math.abs(aside) > (Math.max(0, sigma) * Math.PI) / h + SLACK) return false;
    const phi = sigma <= SLACK ? centre : centre + aside / sigma;
    return setNativeNearPole(out, phi, Math.max(0, sigma * sigma) / k, Math.sign(y));
  },
  toPlane(c, v, out) {
    const [h, k] = [c[0]!, c[1]!];
    const phi = longitudeOf(v);
    const sine = v[2]!;
    if (Math.abs(sine) <= (k - 1) / k) {
      out[0] = phi;
      out[1] = (sine * Math.PI * k) / (2 * h);
      return true;
    }
    const sigma = Math.sqrt(k * distanceToPole(v));
    const centre = facet(phi, h, k, sine > 0);
    out[0] = centre + (phi - centre) * sigma;
    out[1] = ((Math.sign(sine) * Math.PI) / h) * ((k + 1) / 2 - sigma);
    return true;
  },
};
