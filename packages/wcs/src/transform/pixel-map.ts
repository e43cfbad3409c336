import type { Wcs } from "../model/wcs.ts";
import { type Matrix3, multiply, transpose } from "../sky/rotation.ts";
import { distortRow } from "./distort-row.ts";
import { icrsVectorToPixel, pixelToIcrsVector } from "./sky.ts";

/** The positions of one coordinate system's pixels in another. Plain data. */
export type PixelMap =
  | {
      readonly kind: "projective";
      /**
       * x' = (m0 x + m1 y + m2) / w, y' = (m3 x + m4 y + m5) / w, w = m6 x + m7 y + m8 > 0; pixels
       * from 0 on both sides.
       */
      readonly matrix: Matrix3;
    }
  | {
      /** Projective to undistorted pixels of the other image, followed by its distortion. */
      readonly kind: "distorted";
      readonly matrix: Matrix3;
      readonly from: Wcs;
      readonly to: Wcs;
    }
  | { readonly kind: "general"; readonly from: Wcs; readonly to: Wcs };

const v = new Float64Array(3);

/**
 * The map from pixels of `from` to the pixels of `to` at the same sky positions. Between two
 * gnomonic maps without distortion it is one exact matrix; towards SIP or TPV the inverse
 * polynomials follow, interpolated along a row to 1e-6 pixel; all others go through the sky.
 */
export function pixelMap(from: Wcs, to: Wcs): PixelMap {
  if (!isTan(from) || from.distortion !== "none" || !isTan(to)) return { kind: "general", from, to };
  const between = multiply(transpose(to.native.toIcrs!), from.native.toIcrs!);
  const matrix = multiply(pixelFromNative(to), multiply(between, nativeFromPixel(from)));
  if (to.distortion === "none") return { kind: "projective", matrix };
  const polynomials = to.prior === undefined && to.detector === undefined;
  return polynomials ? { kind: "distorted", matrix, from, to } : { kind: "general", from, to };
}

/**
 * Maps pixels (x0 + i, y), i = 0 .. n-1, all counted from 0, and writes their positions in the
 * other image into outX[i], outY[i]: NaN where there is none. Nothing is allocated per pixel.
 */
export function mapRow(
  map: PixelMap,
  x0: number,
  y: number,
  n: number,
  outX: Float64Array,
  outY: Float64Array,
): void {
  if (map.kind === "general") {
    mapRowBySky(map.from, map.to, x0, y, n, outX, outY);
    return;
  }
  mapRowProjective(map.matrix, x0, y, n, outX, outY);
  if (map.kind === "projective") return;
  if (!distortRow(map.to, x0, y, n, outX, outY)) mapRowBySky(map.from, map.to, x0, y, n, outX, outY);
}

function mapRowProjective(
  [a, b, c, d, e, f, g, h, k]: Matrix3,
  x0: number,
  y: number,
  n: number,
  outX: Float64Array,
  outY: Float64Array,
): void {
  const cx = b * y + c;
  const cy = e * y + f;
  const cw = h * y + k;
  for (let i = 0; i < n; i++) {
    const x = x0 + i;
    const w = g * x + cw;
    const scale = w > 0 ? 1 / w : Number.NaN;
    outX[i] = (a * x + cx) * scale;
    outY[i] = (d * x + cy) * scale;
  }
}

function mapRowBySky(
  from: Wcs,
  to: Wcs,
  x0: number,
  y: number,
  n: number,
  outX: Float64Array,
  outY: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const found = pixelToIcrsVector(from, x0 + i, y, v) && icrsVectorToPixel(to, v, v);
    outX[i] = found ? v[0]! : Number.NaN;
    outY[i] = found ? v[1]! : Number.NaN;
  }
}

function isTan({ projection, native }: Wcs): boolean {
  return (
    projection.code === "TAN" &&
    projection.offset[0] === 0 &&
    projection.offset[1] === 0 &&
    native.toIcrs !== undefined
  );
}

/** Takes (x, y, 1) of a pixel from 0 to a native direction times its depth: (-eta, xi, 1). */
function nativeFromPixel(wcs: Wcs): Matrix3 {
  const rad = Math.PI / 180;
  const [a, b, c, d] = wcs.toPlane.map((value) => value * rad) as [number, number, number, number];
  const [u, w] = [1 - wcs.linear.crpix[0], 1 - wcs.linear.crpix[1]];
  return [-c, -d, -(c * u + d * w), a, b, a * u + b * w, 0, 0, 1];
}

/** Takes a native direction to (x, y, 1) of its pixel from 0, times its depth. */
function pixelFromNative(wcs: Wcs): Matrix3 {
  const deg = 180 / Math.PI;
  const [a, b, c, d] = wcs.toPixel.map((value) => value * deg) as [number, number, number, number];
  const [cx, cy] = wcs.linear.crpix;
  return [-b, a, cx - 1, -d, c, cy - 1, 0, 0, 1];
}
