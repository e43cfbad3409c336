import { WcsError } from "../errors.ts";
import { parameter } from "./native.ts";
import type { Projection } from "./projection.ts";

/**
 * Zenithal perspective from mu = PVi_1 radii behind the center, onto a plane tilted by gamma =
 * PVi_2 degrees. FITS WCS paper II, 5.1.1.
 * Errors: WCS_INVALID for mu = -1 and gamma = 90.
 */
export const azp: Projection = {
  code: "AZP",
  theta0: () => 90,
  constants(pv) {
    const mu = parameter(pv, 1, 0);
    const gamma = (parameter(pv, 2, 0) * Math.PI) / 180;
    if (mu === -1 || Math.abs(Math.cos(gamma)) < 1e-12) {
      throw new WcsError("WCS_INVALID", "The projection AZP is not defined for PVi_1 = -1 or PVi_2 = 90.");
    }
    return [mu, Math.cos(gamma), Math.sin(gamma), Math.abs(mu) > 1 ? -1 / mu : -mu];
  },
  toNative(c, x, y, out) {
    const mu = c[0]!;
    const flat = y * c[1]!;
    const r = Math.hypot(x, flat);
    if (r === 0) {
      out[0] = 0;
      out[1] = 0;
      out[2] = 1;
      return true;
    }
    const rho = r / (mu + 1 + y * c[2]!);
    const sine = (rho * mu) / Math.sqrt(rho * rho + 1);
    if (!(Math.abs(sine) <= 1 + 1e-13)) return false;
    const omega = Math.asin(Math.max(-1, Math.min(1, sine)));
    const psi = Math.atan2(1, rho);
    let one = psi - omega;
    let two = psi + omega + Math.PI;
    if (one > Math.PI) one -= 2 * Math.PI;
    if (two > Math.PI) two -= 2 * Math.PI;
    const half = Math.PI / 2 + 1e-12;
    const theta = Math.max(Math.abs(one) <= half ? one : -9, Math.abs(two) <= half ? two : -9);
    if (theta === -9) return false;
    const q = Math.cos(theta) / r;
    out[0] = -flat * q;
    out[1] = x * q;
    out[2] = Math.sin(theta);
    return true;
  },
  toPlane(c, v, out) {
    const mu = c[0]!;
    const depth = mu + v[2]! + (v[0]! * c[2]!) / c[1]!;
    if (!(depth > 0) || !(v[2]! >= c[3]! - 1e-13)) return false;
    const x = ((mu + 1) * v[1]!) / depth;
    out[1] = (-(mu + 1) * v[0]!) / (c[1]! * depth);
    out[0] = x;
    return true;
  },
};
