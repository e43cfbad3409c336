import { WcsError } from "../errors.ts";
import { parameter } from "./native.ts";
import type { Projection } from "./projection.ts";
import { depthBelow, slantToNative } from "./slant.ts";

/**
 * Slant zenithal perspective from mu = PVi_1 radii in the direction PVi_2, PVi_3 (native longitude
 * and latitude). FITS WCS paper II, 5.1.2.
 * Errors: WCS_INVALID when the eye is in the plane.
 */
export const szp: Projection = {
  code: "SZP",
  theta0: () => 90,
  constants(pv) {
    const mu = parameter(pv, 1, 0);
    const phi = (parameter(pv, 2, 0) * Math.PI) / 180;
    const theta = (parameter(pv, 3, 90) * Math.PI) / 180;
    const zp = mu * Math.sin(theta) + 1;
    if (Math.abs(zp) < 1e-12)
      throw new WcsError("WCS_INVALID", "The point of projection of SZP is in its plane.");
    return [mu, -mu * Math.cos(theta) * Math.sin(phi), mu * Math.cos(theta) * Math.cos(phi), zp];
  },
  toNative(c, x, y, out) {
    return slantToNative([(x - c[1]!) / c[3]!, (y - c[2]!) / c[3]!], x, y, true, out);
  },
  toPlane(c, v, out) {
    const [mu, xp, yp, zp] = [c[0]!, c[1]!, c[2]!, c[3]!];
    const down = depthBelow(v);
    const depth = zp - down;
    if (!(depth > 0)) return false;
    if (Math.abs(mu) > 1 && -yp * v[0]! + xp * v[1]! + (1 - zp) * v[2]! > 1 + 1e-13) return false;
    const x = (zp * v[1]! - xp * down) / depth;
    out[1] = (-zp * v[0]! - yp * down) / depth;
    out[0] = x;
    return true;
  },
};
