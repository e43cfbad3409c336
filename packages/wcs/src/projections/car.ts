import { latitudeOf, longitudeOf } from "../sky/rotation.ts";
import { setNative } from "./native.ts";
import type { Projection } from "./projection.ts";

/** Plate carree. FITS WCS paper II, 5.2.3. */
export const car: Projection = {
  code: "CAR",
  theta0: () => 0,
  constants: () => [],
  toNative(_c, x, y, out) {
    return setNative(out, x, y);
  },
  toPlane(_c, v, out) {
    const x = longitudeOf(v);
    out[1] = latitudeOf(v);
    out[0] = x;
    return true;
  },
};
