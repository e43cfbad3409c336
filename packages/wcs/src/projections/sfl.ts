import { latitudeOf, longitudeOf } from "../sky/rotation.ts";
import { SLACK, setNative } from "./native.ts";
import type { Projection } from "./projection.ts";

/** Sanson-Flamsteed. FITS WCS paper II, 5.3.1. */
export const sfl: Projection = {
  code: "SFL",
  theta0: () => 0,
  constants: () => [],
  toNative(_c, x, y, out) {
    const width = Math.cos(y);
    return setNative(out, width > SLACK ? x / width : Math.abs(x) <= SLACK ? 0 : Number.NaN, y);
  },
  toPlane(_c, v, out) {
    const x = longitudeOf(v) * Math.hypot(v[0]!, v[1]!);
    out[1] = latitudeOf(v);
    out[0] = x;
    return true;
  },
};
