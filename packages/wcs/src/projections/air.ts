import { colatitude, parameter, setZenithal, setZenithalPlane } from "./native.ts";
import type { Projection } from "./projection.ts";
import { rootBetween } from "./root.ts";

function radius(second: number, sigma: number): number {
  const xi = sigma / 2;
  if (xi < 1e-4) return xi * (1 - 2 * second);
  return -2 * (Math.log(Math.cos(xi)) / Math.tan(xi) + second * Math.tan(xi));
}

/** Airy: least distortion within latitude PVi_1 (defaults to 90). FITS WCS paper II, 5.1.9. */
export const air: Projection = {
  code: "AIR",
  theta0: () => 90,
  constants(pv) {
    const bound = ((90 - parameter(pv, 1, 90)) / 2) * (Math.PI / 180);
    if (bound < 1e-4) return [-0.5];
    const t = Math.tan(bound);
    return [Math.log(Math.cos(bound)) / (t * t)];
  },
  toNative(c, x, y, out) {
    const r = Math.hypot(x, y);
    if (r === 0) return setZenithal(out, x, y, r, 0);
    const furthest = Math.PI - 1e-9;
    if (!(r <= radius(c[0]!, furthest))) return false;
    return setZenithal(
      out,
      x,
      y,
      r,
      rootBetween((at) => radius(c[0]!, at) - r, 0, furthest),
    );
  },
  toPlane(c, v, out) {
    const sigma = colatitude(v);
    return sigma < Math.PI - 1e-9 && setZenithalPlane(v, radius(c[0]!, sigma), out);
  },
};
