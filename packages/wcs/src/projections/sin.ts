import { parameter } from "./native.ts";
import type { Projection } from "./projection.ts";

/** Orthographic, and slant orthographic with PVi_1, PVi_2. FITS WCS paper II, 5.1.5. */
export const sin: Projection = {
  code: "SIN",
  theta0: () => 90,
  constants: (pv) => [parameter(pv, 1, 0), parameter(pv, 2, 0)],
  toNative(c, x, y, out) {
    const xi = c[0]!;
    const eta = c[1]!;
    const r2 = x * x + y * y;
    const a = xi * xi + eta * eta + 1;
    const b = x * xi + y * eta + 1;
    const discriminant = b * b - a * r2;
    if (!(discriminant >= -1e-13)) return false;
    const down = r2 / (b + Math.sqrt(Math.max(0, discriminant)));
    if (!(down >= 0 && down <= 2)) return false;
    out[0] = -(y - eta * down);
    out[1] = x - xi * down;
    out[2] = 1 - down;
    return true;
  },
  toPlane(c, v, out) {
    const xi = c[0]!;
    const eta = c[1]!;
    if (!(v[2]! + xi * v[1]! - eta * v[0]! >= -1e-13)) return false;
    const s2 = v[0]! * v[0]! + v[1]! * v[1]!;
    const down = v[2]! > 0 ? s2 / (1 + v[2]!) : 1 - v[2]!;
    const x = v[1]! + xi * down;
    out[1] = -v[0]! + eta * down;
    out[0] = x;
    return true;
  },
};
