import type { Projection } from "./projection.ts";
import { quadCube } from "./quad-cube.ts";

const TWELFTH = Math.PI / 12;

/** Quadrilateralized spherical cube, equal-area. FITS WCS paper II, 5.6.3. */
export const qsc: Projection = quadCube("QSC", {
  toSquare(xi, eta, zeta, out) {
    const wide = Math.abs(xi) >= Math.abs(eta);
    const [long, short] = wide ? [xi, eta] : [eta, xi];
    let u = 0;
    let w = 0;
    if (long !== 0) {
      const omega = short / long;
      const down = (xi * xi + eta * eta) / (1 + zeta);
      u = Math.sign(long) * Math.sqrt(down / (1 - 1 / Math.sqrt(2 + omega * omega)));
      w = (u / TWELFTH) * (Math.atan(omega) - Math.asin(omega / Math.sqrt(2 * (1 + omega * omega))));
    }
    out[0] = wide ? u : w;
    out[1] = wide ? w : u;
  },
  fromSquare(x, y, out) {
    const wide = Math.abs(x) >= Math.abs(y);
    const [u, w] = wide ? [x, y] : [y, x];
    const angle = u === 0 ? 0 : (TWELFTH * w) / u;
    const omega = Math.sin(angle) / (Math.cos(angle) - Math.SQRT1_2);
    const down = u * u * (1 - 1 / Math.sqrt(2 + omega * omega));
    const long = (Math.sign(u) * Math.sqrt(down * (2 - down))) / Math.sqrt(1 + omega * omega);
    out[0] = wide ? long : long * omega;
    out[1] = wide ? long * omega : long;
    out[2] = 1 - down;
  },
});
