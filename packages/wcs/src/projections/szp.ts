import { WcsError } from "../errors.ts";
import { parameter } from "./native.ts";
import type { Projection } from "./projection.ts";

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
    const xi = (x - c[1]!) / c[3]!;
    const eta = (y - c[2]!) / c[3]!;
    const r2 = x * x + y * y;
    const a = xi * xi + eta * eta + 1;
    const b = x * xi + y * eta + 1;
    const discriminant = b * b - a * r2;
    if (!(discriminant >= -1e-13)) return false;
    const root = Math.sqrt(Math.max(0, discriminant));
    const near = r2 / (b + root);
    const down = near >= 0 && near <= 2 ? near : (b + root) / a;
    if (!(down >= 0 && down <= 2)) return false;
    out[0] = -(y - eta * down);
    out[1] = x - xi * down;
    out[2] = 1 - down;
    return true;
  },
  toPlane(c, v, out) {
    const [mu, xp, yp, zp] = [c[0]!, c[1]!, c[2]!, c[3]!];
    const s2 = v[0]! * v[0]! + v[1]! * v[1]!;
    const down = v[2]! > 0 ? s2 / (1 + v[2]!) : 1 - v[2]!;
    const depth = zp - down;
    if (!(depth > 0)) return false;
    if (Math.abs(mu) > 1 && -yp * v[0]! + xp * v[1]! + (1 - zp) * v[2]! > 1 + 1e-13) return false;
    const x = (zp * v[1]! - xp * down) / depth;
    out[1] = (-zp * v[0]! - yp * down) / depth;
    out[0] = x;
    return true;
  },
};
