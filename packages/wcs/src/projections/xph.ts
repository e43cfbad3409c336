import { longitudeOf } from "../sky/rotation.ts";
import { distanceToPole, SLACK, setNativeNearPole, setNativeSine } from "./native.ts";
import type { Projection } from "./projection.ts";

const QUARTER = Math.PI / 4;
const RIGHT = Math.PI / 2;
/** Height of the equatorial region's edge (sin theta = 2/3) over sin theta. */
const STEEP = (3 * Math.PI) / 8;

/**
 * HEALPix around its north pole ("butterfly"): the four gores of HPX rotated about the pole.
 * Calabretta and Lowe 2013.
 */
export const xph: Projection = {
  code: "XPH",
  theta0: () => 90,
  constants: () => [],
  toNative(_c, x, y, out) {
    const s = Math.SQRT1_2;
    let west: number;
    let xi: number;
    let eta: number;
    if (x <= 0 && y > 0) {
      west = -Math.PI;
      xi = -(x + y) * s;
      eta = (x - y) * s;
    } else if (x < 0 && y <= 0) {
      west = -RIGHT;
      xi = (x - y) * s;
      eta = (x + y) * s;
    } else if (x >= 0 && y < 0) {
      west = 0;
      xi = (x + y) * s;
      eta = (y - x) * s;
    } else {
      west = RIGHT;
      xi = (y - x) * s;
      eta = -(x + y) * s;
    }
    eta += RIGHT;
    const up = Math.abs(eta);
    if (up <= QUARTER) {
      if (Math.abs(xi) > QUARTER + SLACK) return false;
      return setNativeSine(out, west + QUARTER + xi, eta / STEEP);
    }
    const sigma = (RIGHT - up) / QUARTER;
    if (!(sigma >= -SLACK) || Math.abs(xi) > QUARTER * Math.max(0, sigma) + SLACK) return false;
    const phi = west + QUARTER + (sigma <= SLACK ? 0 : xi / sigma);
    return setNativeNearPole(out, phi, (sigma * sigma) / 3, Math.sign(eta));
  },
  toPlane(_c, v, out) {
    const phi = longitudeOf(v);
    const gore = Math.max(-2, Math.min(1, Math.floor(phi / RIGHT)));
    const aside = phi - gore * RIGHT - QUARTER;
    const equatorial = Math.abs(v[2]!) <= 2 / 3;
    const sigma = equatorial ? 1 : Math.sqrt(3 * distanceToPole(v));
    const xi = aside * sigma * Math.SQRT1_2;
    const height = equatorial ? STEEP * v[2]! : Math.sign(v[2]!) * QUARTER * (2 - sigma);
    const eta = (height - RIGHT) * Math.SQRT1_2;
    const east = gore === -1 || gore === 0 ? 1 : -1;
    const south = gore === 0 || gore === 1 ? 1 : -1;
    out[0] = east * xi - south * eta;
    out[1] = south * xi + east * eta;
    return true;
  },
};
