import { longitudeOf } from "../sky/rotation.ts";
import { SLACK, setNativeSine } from "./native.ts";
import type { Projection } from "./projection.ts";
import { rootBetween } from "./root.ts";

/** Mollweide. FITS WCS paper II, 5.3.3. */
export const mol: Projection = {
  code: "MOL",
  theta0: () => 0,
  constants: () => [],
  toNative(_c, x, y, out) {
    const s = y / Math.SQRT2;
    if (!(Math.abs(s) <= 1 + SLACK)) return false;
    const sine = Math.max(-1, Math.min(1, s));
    const width = Math.sqrt((1 - sine) * (1 + sine));
    const phi =
      width > SLACK ? (x * Math.PI) / (2 * Math.SQRT2 * width) : Math.abs(x) <= SLACK ? 0 : Number.NaN;
    return setNativeSine(out, phi, (2 / Math.PI) * (Math.asin(sine) + sine * width));
  },
  toPlane(_c, v, out) {
    const target = Math.PI * v[2]!;
    const half = Math.PI / 2;
    const gamma =
      v[0] === 0 && v[1] === 0
        ? half * Math.sign(v[2]!)
        : rootBetween((at) => 2 * at + Math.sin(2 * at) - target, -half, half);
    const x = ((2 * Math.SQRT2) / Math.PI) * longitudeOf(v) * Math.cos(gamma);
    out[1] = Math.SQRT2 * Math.sin(gamma);
    out[0] = x;
    return !Number.isNaN(gamma);
  },
};
