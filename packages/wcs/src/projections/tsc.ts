import type { Projection } from "./projection.ts";
import { quadCube } from "./quad-cube.ts";

/** Tangential spherical cube: six gnomonic faces. FITS WCS paper II, 5.6.1. */
export const tsc: Projection = quadCube("TSC", {
  toSquare(xi, eta, zeta, out) {
    out[0] = xi / zeta;
    out[1] = eta / zeta;
  },
  fromSquare(x, y, out) {
    const zeta = 1 / Math.sqrt(1 + x * x + y * y);
    out[0] = x * zeta;
    out[1] = y * zeta;
    out[2] = zeta;
  },
});
