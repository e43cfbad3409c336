import { displacement } from "../distortions/lookup-table.ts";
import type { Wcs } from "../model/wcs.ts";
import { projectionOf } from "../projections/registry.ts";
import { DEGREE } from "../sky/rotation.ts";
import { invertPlane, refineInverse } from "./plane-inverse.ts";
import { mapPlane } from "./plane-map.ts";

const point = new Float64Array(3);

/**
 * Writes the native direction (a unit vector) of pixel (x, y), counted from 0, into out[0..2];
 * false outside the map.
 * In the order of astropy's all_pix2world: detector table, SIP together with the prior table,
 * matrix, polynomials of the plane, projection.
 */
export function pixelToNative(wcs: Wcs, x: number, y: number, out: Float64Array): boolean {
  let px = x + 1;
  let py = y + 1;
  if (wcs.detector !== undefined) {
    const [dx, dy] = shifts(wcs.detector, px, py);
    px += dx;
    py += dy;
  }
  let u = px - wcs.linear.crpix[0];
  let v = py - wcs.linear.crpix[1];
  if (wcs.sip !== undefined) {
    mapPlane(wcs.sip, px, py, point);
    u = point[0]!;
    v = point[1]!;
  }
  if (wcs.prior !== undefined) {
    const [dx, dy] = shifts(wcs.prior, px, py);
    u += dx;
    v += dy;
  }
  const [a, b, c, d] = wcs.toPlane;
  let xi = a * u + b * v;
  let eta = c * u + d * v;
  if (wcs.sequent !== undefined) {
    mapPlane(wcs.sequent, xi, eta, point);
    xi = point[0]!;
    eta = point[1]!;
  }
  const { code, constants, offset } = wcs.projection;
  const ok = projectionOf(code).toNative(constants, xi * DEGREE + offset[0], eta * DEGREE + offset[1], out);
  return ok && Number.isFinite(out[0]! + out[1]! + out[2]!);
}

/**
 * Writes the pixel (from 0) of a native direction in v[0..2] into out[0..1]; false when the
 * direction is not on the map or only beyond a fold of the distortion.
 */
export function nativeToPixel(wcs: Wcs, v: Float64Array, out: Float64Array): boolean {
  const { code, constants, offset } = wcs.projection;
  if (!projectionOf(code).toPlane(constants, v, point)) return false;
  let xi = (point[0]! - offset[0]) / DEGREE;
  let eta = (point[1]! - offset[1]) / DEGREE;
  if (wcs.sequent !== undefined) {
    if (!invertPlane(wcs.sequent, xi, eta, xi, eta, point)) return false;
    xi = point[0]!;
    eta = point[1]!;
  }
  const [a, b, c, d] = wcs.toPixel;
  const u = a * xi + b * eta;
  const w = c * xi + d * eta;
  if (!unshift(wcs, u, w, out)) return false;
  out[0] = out[0]! - 1;
  out[1] = out[1]! - 1;
  return Number.isFinite(out[0]!) && Number.isFinite(out[1]!);
}

/**
 * Pixels from 1 of the undistorted offset (u, v) from CRPIX. Tables are small compared with
 * everything else, so they are inverted by iteration.
 */
function unshift(wcs: Wcs, u: number, v: number, out: Float64Array): boolean {
  const { sip, prior, detector } = wcs;
  const [cx, cy] = wcs.linear.crpix;
  let [px, py] = [u + cx, v + cy];
  if (sip !== undefined) {
    if (!invertPlane(sip, u, v, px, py, point)) return false;
    px = point[0]!;
    py = point[1]!;
  }
  if (prior !== undefined) {
    let moved = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 50 && moved > 1e-11; step++) {
      const [dx, dy] = shifts(prior, px, py);
      let [nx, ny] = [u - dx + cx, v - dy + cy];
      if (sip !== undefined) {
        if (!refineInverse(sip, u - dx, v - dy, px, py, point)) return false;
        [nx, ny] = [point[0]!, point[1]!];
      }
      moved = Math.abs(nx - px) + Math.abs(ny - py);
      [px, py] = [nx, ny];
    }
    if (!(moved < 1e-9)) return false;
  }
  if (detector !== undefined) {
    const [tx, ty] = [px, py];
    let moved = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 50 && moved > 1e-11; step++) {
      const [dx, dy] = shifts(detector, px, py);
      moved = Math.abs(tx - dx - px) + Math.abs(ty - dy - py);
      [px, py] = [tx - dx, ty - dy];
    }
    if (!(moved < 1e-9)) return false;
  }
  out[0] = px;
  out[1] = py;
  return true;
}

function shifts(tables: NonNullable<Wcs["prior"]>, x: number, y: number): readonly [number, number] {
  return [
    tables[0] === undefined ? 0 : displacement(tables[0], x, y),
    tables[1] === undefined ? 0 : displacement(tables[1], x, y),
  ];
}
